import type { Call } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { drive, EntryNotFound, type KeptFile } from "#services/drive/contract";
import type { ClientOf } from "../../client-of.ts";
import { type ObjectParts, sendObject } from "../../delivery/object-response.ts";
import { withEnvelope, type Handlers } from "./endpoints.ts";
import { bodyBytesMax, contentOf, Download, FileHash, OnlyHash, parse, Transcode } from "./fields.ts";
import type { Renditions } from "./renditions.ts";
import { addressOf, type ResumableSessions } from "./sessions.ts";

interface FileParts {
  readonly client: ClientOf;
  readonly bytes: ObjectParts;
  readonly sessions: ResumableSessions;
  readonly renditions: Renditions;
}

/** The files of the caller: their bytes, their description, and renditions of videos among them. */
export function createFileHandlers({ client, bytes, sessions, renditions }: FileParts): Handlers {
  const files = client(drive);

  const fileOf = async (hash: string, call: Call): Promise<KeptFile> => {
    const file = await sessions.library(contentOf(hash), call);
    if (!file) throw EntryNotFound({});
    return file;
  };
  async function send(request: HttpRequest, reply: HttpReply, hash: string, range: string | undefined, call: Call) {
    const { id } = await fileOf(hash, call);
    const { name, ...content } = await files.content({ id, isDownload: request.method === "GET" }, call);
    return sendObject(request, reply, { ...content, attachment: name, isPublic: false, range }, bytes);
  }

  return {
    async file(request, reply, call) {
      const hash = FileHash.safeParse(request.params["hash"]);
      if (!hash.success) throw EntryNotFound({});
      return send(request, reply, hash.data, undefined, call);
    },

    async download(request, reply, call) {
      const { file_hash, start, end } = parse(Download, request.query);
      if (start !== undefined && end !== undefined && Number(end) < Number(start))
        throw InvalidInput({ fields: [{ field: "end", message: "before the start" }] });
      const isPart = start !== undefined || end !== undefined;
      return send(request, reply, file_hash, isPart ? `bytes=${start ?? "0"}-${end ?? ""}` : undefined, call);
    },

    info: withEnvelope(async ({ query }, call) => {
      const { file_hash } = parse(OnlyHash, query);
      const file = await fileOf(file_hash, call);
      const [video, announced] = await Promise.all([
        renditions.describe(file, call),
        sessions.sizeOf(contentOf(file_hash), call),
      ]);
      return {
        file_hash,
        filename: file.name,
        file_size: file.sizeBytes,
        width: video.width || (announced.width ?? 0),
        height: video.height || (announced.height ?? 0),
        url: addressOf(file),
        transcode_urls: video.urls,
        transcode_status: video.status,
      };
    }),

    transcode: withEnvelope(async (request, call) => {
      const { file_hash, resolutions } = parse(Transcode, await request.json(bodyBytesMax));
      return { task_id: await renditions.transcode(await fileOf(file_hash, call), resolutions, call) };
    }),

    transcodeStatus: withEnvelope(async ({ query }, call) => {
      const { task_id } = query;
      if (typeof task_id !== "string") throw InvalidInput({ fields: [{ field: "task_id", message: "is missing" }] });
      const { status, progress, urls } = await renditions.status(task_id, call);
      return { status, progress, completed_urls: urls };
    }),
  };
}
