import type { RawRoute } from "../../raw-route.ts";

/** Names that every path of one operation has; the older ones of the contract stand behind the newer. */
export interface Named {
  readonly verb: "GET" | "POST";
  readonly paths: readonly string[];
  readonly name: string;
  readonly summary: string;
  readonly auth: RawRoute["auth"];
  readonly rate: RawRoute["rate"];
  readonly query?: readonly string[];
  readonly takes?: readonly string[];
  readonly answers?: string;
  /** A page of the web app has the same path: its GET is not ours. */
  readonly sharesPath?: boolean;
}

const json = ["application/json"];
const form = ["multipart/form-data"];
const open = { verb: "POST", auth: "public", rate: "login", takes: json } as const;
const upload = { verb: "POST", auth: "user", rate: "upload", takes: json } as const;
const look = { verb: "GET", auth: "user", rate: "read" } as const;

/** The resumable-upload-compatible API, each operation under all of its names. */
export const operations: readonly Named[] = [
  { ...open, name: "register", paths: ["/register", "/api/register"], summary: "Creates an account." },
  {
    ...open,
    name: "login",
    paths: ["/login", "/api/login"],
    summary: "Signs in for thirty days.",
    sharesPath: true,
  },
  { ...look, name: "profile", paths: ["/profile", "/api/profile"], summary: "Who is signed in." },
  {
    ...upload,
    name: "init",
    paths: ["/upload/init", "/api/video/init"],
    summary: "Begins an upload, finds the one that was begun, or the content that is stored already.",
  },
  {
    ...upload,
    name: "chunk",
    paths: ["/upload/chunk", "/api/video/upload_chunk"],
    summary:
      "Takes one chunk of the upload named by `file_hash`; with `upload_id` instead, as `/api/v1/upload/chunk` does.",
    rate: "part",
    takes: [...form, "application/octet-stream"],
    query: ["upload_id", "index", "sha256"],
  },
  {
    ...upload,
    name: "merge",
    paths: ["/upload/merge", "/api/video/merge"],
    summary: "Makes the file once all chunks are there.",
  },
  { ...upload, name: "cancel", paths: ["/upload/cancel"], summary: "Cancels an upload." },
  {
    ...look,
    name: "status",
    paths: ["/upload/status"],
    summary: "How far an upload is.",
    query: ["file_hash"],
  },
  {
    ...look,
    name: "file",
    paths: ["/upload/files/:hash"],
    summary: "The bytes of one's own file, by range.",
    rate: "media",
    answers: "application/octet-stream",
  },
  {
    ...look,
    name: "info",
    paths: ["/api/video/info"],
    summary: "What is known of a file of one's own.",
    query: ["file_hash"],
  },
  {
    ...look,
    name: "download",
    paths: ["/api/video/download"],
    summary: "The bytes of one's own file, or those from `start` to `end`.",
    rate: "media",
    answers: "application/octet-stream",
    query: ["file_hash", "start", "end"],
  },
  {
    ...upload,
    name: "transcode",
    paths: ["/api/video/transcode"],
    summary: "Asks for smaller renditions of a video.",
    rate: "costly",
  },
  {
    ...look,
    name: "transcodeStatus",
    paths: ["/api/video/transcode/status"],
    summary: "How far the renditions are, and where.",
    query: ["task_id"],
  },
];

const kindOf = ({ verb }: Named): RawRoute["kind"] => (verb === "GET" ? "query" : "command");
/** Every route of the API, one for each name. */
export const resumableRoutes: readonly RawRoute[] = operations.flatMap((operation) =>
  operation.paths.map((path, n) => ({
    verb: operation.verb,
    path,
    group: "resumable",
    scope: "resumable",
    name: n === 0 ? operation.name : `${operation.name}Older`,
    summary: operation.summary,
    answers: operation.answers ?? "application/json",
    ...(operation.query && { query: operation.query }),
    ...(operation.takes && { takes: operation.takes }),
    auth: operation.auth,
    rate: operation.rate,
    kind: kindOf(operation),
    credential: "header" as const,
  })),
);
