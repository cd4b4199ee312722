import { type BlobStore, type Call, type Client, type Contract, type Rate } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import { NoRoute } from "#kernel/http/errors";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { auth, BadToken } from "#services/auth/contract";
import { drive, EntryNotFound, type KeptFile } from "#services/drive/contract";
import type { Admission } from "../../identity/admission.ts";
import { type ObjectParts, sendObject } from "../../delivery/object.ts";
import { routeNamed } from "../../raw-route.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { chunkDoor } from "./chunk.ts";
import { refusal, succeeded, type Told } from "./envelope.ts";
import { contentOf, Credentials, Download, FileHash, fieldsOf, Init, Merge, OnlyHash, Transcode } from "./fields.ts";
import { operations, resumableRoutes } from "./routes.ts";
import { addressOf, uploading } from "./uploading.ts";
import { videos } from "./videos.ts";

interface ResumableParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly bytes: ObjectParts;
}

const waitMs = 30_000;
/** An upload takes as long as it takes. */
const uploadWaitMs = 12 * 3_600_000;
const family = "resumable";

type Answer = (request: HttpRequest, reply: HttpReply, call: Call) => Promise<unknown>;

/** The resumable-upload-compatible API, under its newer and its older names: an envelope around the upload service. */
export function resumable(server: HttpServer, { client, blob, uploads, bytes, admission }: ResumableParts): void {
  const accounts = client(auth);
  const files = client(drive);
  const count = async (rate: Rate, call: Call) => void (await admission.count(rate, family, call));
  const sessions = uploading({ client, count });
  const films = videos(client);
  const takeChunk = chunkDoor({ client, blob, uploads, uploading: sessions });

  const mine = async (hash: string, call: Call): Promise<KeptFile> => {
    const found = await sessions.library(contentOf(hash), call);
    if (!found) throw EntryNotFound({});
    return found;
  };
  async function send(request: HttpRequest, reply: HttpReply, hash: string, range: string | undefined, call: Call) {
    const { id } = await mine(hash, call);
    const { name, ...content } = await files.content({ id, isDownload: request.method === "GET" }, call);
    return sendObject(request, reply, { ...content, attachment: name, isPublic: false, range }, bytes);
  }
  const told = (work: (request: HttpRequest, call: Call) => Promise<object | undefined>): Answer => {
    return async (request, _, call): Promise<Told> => succeeded(await work(request, call));
  };

  const answers: Readonly<Record<string, Answer>> = {
    register: told(async ({ body }, call) => {
      const { userId } = await accounts.registerFor({ family, ...fieldsOf(Credentials, body) }, call);
      return { user_id: userId };
    }),
    login: told(async ({ body }, call) => {
      const { userId, token } = await accounts.loginFor({ family, ...fieldsOf(Credentials, body) }, call);
      return { user_id: userId, token };
    }),
    profile: told(async (_, call) => {
      const { userId, username } = await accounts.account({ userId: call.userId }, call);
      // Deleted a moment ago; its sessions end with it.
      if (userId === undefined) throw BadToken({});
      return { data: { user_id: userId, username } };
    }),
    init: told(async ({ body }, call) => {
      const { file_hash, filename, file_size, width, height } = fieldsOf(Init, body);
      const begun = { hash: contentOf(file_hash), name: filename, sizeBytes: file_size };
      return sessions.init(
        { ...begun, ...(width !== undefined && { width }), ...(height !== undefined && { height }) },
        call,
      );
    }),
    chunk: takeChunk,
    merge: told(async ({ body }, call) => {
      const { file_hash, filename, total_chunks } = fieldsOf(Merge, body);
      const kept = await sessions.merge(contentOf(file_hash), filename, total_chunks, call);
      return { url: addressOf(kept), file_size: kept.sizeBytes };
    }),
    cancel: told(async ({ body }, call) => {
      await sessions.cancel(contentOf(fieldsOf(OnlyHash, body).file_hash), call);
      return undefined;
    }),
    status: told(({ query }, call) => sessions.status(contentOf(fieldsOf(OnlyHash, query).file_hash), call)),

    async file(request, reply, call) {
      const hash = FileHash.safeParse(request.params["hash"]);
      if (!hash.success) throw EntryNotFound({});
      return send(request, reply, hash.data, undefined, call);
    },
    async download(request, reply, call) {
      const { file_hash, start, end } = fieldsOf(Download, request.query);
      if (start !== undefined && end !== undefined && Number(end) < Number(start))
        throw InvalidInput({ fields: [{ field: "end", message: "before the start" }] });
      const isPart = start !== undefined || end !== undefined;
      return send(request, reply, file_hash, isPart ? `bytes=${start ?? "0"}-${end ?? ""}` : undefined, call);
    },
    info: told(async ({ query }, call) => {
      const { file_hash } = fieldsOf(OnlyHash, query);
      const kept = await mine(file_hash, call);
      const [film, said] = await Promise.all([films.look(kept, call), sessions.sizeOf(contentOf(file_hash), call)]);
      return {
        file_hash,
        filename: kept.name,
        file_size: kept.sizeBytes,
        width: film.width || (said.width ?? 0),
        height: film.height || (said.height ?? 0),
        url: addressOf(kept),
        transcode_urls: film.urls,
        transcode_status: film.status,
      };
    }),
    transcode: told(async ({ body }, call) => {
      const { file_hash, resolutions } = fieldsOf(Transcode, body);
      return { task_id: await films.transcode(await mine(file_hash, call), resolutions, call) };
    }),
    transcodeStatus: told(async ({ query }, call) => {
      const { task_id } = query;
      if (typeof task_id !== "string") throw InvalidInput({ fields: [{ field: "task_id", message: "is missing" }] });
      const { status, progress, urls } = await films.status(task_id, call);
      return { status, progress, completed_urls: urls };
    }),
  };

  for (const { name, paths, sharesPath = false, verb } of operations)
    for (const [n, url] of paths.entries()) {
      const declared = routeNamed(resumableRoutes, n === 0 ? name : `${name}Older`);
      const answer = answers[name];
      if (!answer) throw new Error(`${name} is answered by nobody`);
      server.route({
        method: verb === "GET" ? ["GET", "HEAD"] : verb,
        url,
        declared: `${family}.${declared.name}`,
        service: "upload",
        refuses: refusal,
        sharesPath: sharesPath && n === 0,
        ...(name === "chunk" && { takes: "any" }),
        async handler(request, reply) {
          const wait = declared.rate === "upload" || declared.rate === "part" ? uploadWaitMs : waitMs;
          const call = await admission.admit(declared, family, request, reply, wait);
          return answer(request, reply, call);
        },
      });
    }
  for (const url of ["/upload/*", "/api/video/*"])
    server.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url,
      declared: `${family}.none`,
      service: "upload",
      refuses: refusal,
      sharesPath: true,
      takes: "any",
      async handler() {
        throw NoRoute({});
      },
    });
}
