import { failure } from "#kernel";
import { drive, type KeptFile } from "#services/drive/contract";
import { type ObjectParts, sendObject } from "../../delivery/object-response.ts";
import type { Parameters } from "../parameters.ts";
import type { Caller } from "./caller.ts";
import { createCallerHandler, type EndpointParts, type Handlers, sha1Hash } from "./endpoints.ts";
import { successOf } from "./envelope.ts";
import { fileItem, listSize, offsetMax } from "./file-item.ts";
import { Listing, OnlyHash, parse, Renaming, Update } from "./parameters.ts";

const UnknownOperation = failure("conflict", "cloudfiles.unknown_operation", "there is no such operation");

const linkMs = 3_600_000;

interface FileParts extends EndpointParts {
  readonly bytes: ObjectParts;
}

/** The files of the caller: listed, renamed and downloaded. */
export function fileHandlers({ client, callers, bytes, addressOf, entries }: FileParts): Handlers {
  const files = client(drive);
  const fileNamed = (parameters: Parameters, { call }: Caller): Promise<KeptFile> =>
    files.byHash({ hash: sha1Hash(parse(OnlyHash, parameters).filehash) }, call);
  return {
    query: createCallerHandler(callers, async (parameters, { call, username }) => {
      const { limit, offset } = parse(Listing, parameters);
      if (limit === 0 || offset > offsetMax) return [];
      const { items } = await files.library({ limit: Math.min(limit, listSize.max), offset }, call);
      return items.map((file) => fileItem(username, file));
    }),

    update: createCallerHandler(callers, async (parameters, { call }) => {
      if (parse(Update, parameters).op !== "0") throw UnknownOperation({});
      const { filehash, filename } = parse(Renaming, parameters);
      await files.renameByHash({ hash: sha1Hash(filehash), name: filename }, call);
      return successOf();
    }),

    download: createCallerHandler(callers, async (parameters, caller, request, reply) => {
      const { id } = await fileNamed(parameters, caller);
      const { name, ...content } = await files.content({ id, isDownload: request.method === "GET" }, caller.call);
      return sendObject(request, reply, { ...content, attachment: name, isPublic: false }, bytes);
    }),

    downloadurl: createCallerHandler(callers, async (parameters, caller, request, reply) => {
      const { id } = await fileNamed(parameters, caller);
      const { url } = await files.link({ id, expiresInMs: linkMs }, caller.call);
      return reply.type("text/plain; charset=utf-8").send(`${entries.download ?? addressOf(request)}${url}`);
    }),
  };
}
