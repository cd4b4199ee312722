import { command, contract } from "#kernel";
import { z } from "zod";

/** As the HTTP form has them: the status, also of what went wrong, and a sentence. */
const result = { code: z.int(), msg: z.string() };
const text = z.string().max(1_000);
const credentials = z.object({ username: text, password: text });
const packaged = "kinora.compat.resumable";
/** A refused caller gets its answer in `code` too, so every caller is admitted. */
const open = { auth: "public", rate: "login" } as const;
const upload = { auth: "public", rate: "upload" } as const;

/** Accounts of the resumable-upload-compatible API. */
export const resumableUser = {
  ...contract("resumableUser", 1, {
    register: command({
      ...open,
      summary: "Makes an account.",
      input: credentials,
      output: z.object({ ...result, userId: z.int() }),
    }),
    /** `token` is empty: tokens are made by signing in over HTTP alone. */
    login: command({
      ...open,
      summary: "Says whose name and password these are; no token is made.",
      input: credentials,
      output: z.object({ ...result, token: z.string(), userId: z.int() }),
    }),
  }),
  scopes: { query: "resumable", command: "resumable" },
  proto: { package: packaged, service: "UserService" },
} as const;

/** Uploads of the resumable-upload-compatible API, for who shows a token in the metadata. */
export const resumableVideo = {
  ...contract("resumableVideo", 1, {
    initUpload: command({
      ...upload,
      summary: "Begins an upload, finds the one that was begun, or the content that is stored already.",
      input: z.object({ fileHash: text, filename: text }),
      output: z.object({ ...result, status: z.string(), finishedChunks: z.array(z.string()), url: z.string() }),
    }),
    uploadChunk: command({
      ...upload,
      rate: "part",
      summary: "Takes one chunk of at most 6 MiB.",
      input: z.object({ fileHash: text, index: text, data: z.instanceof(Uint8Array) }),
      output: z.object(result),
    }),
    mergeFile: command({
      ...upload,
      patienceMs: 15 * 60_000,
      summary: "Makes the file once all chunks are there.",
      input: z.object({ fileHash: text, filename: text, totalChunks: z.int() }),
      output: z.object({ ...result, url: z.string() }),
    }),
  }),
  scopes: { query: "resumable", command: "resumable" },
  proto: { package: packaged, service: "VideoService" },
} as const;
