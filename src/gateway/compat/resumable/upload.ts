import { type ChunkParts, createChunkHandler } from "./chunk-upload.ts";
import { withEnvelope, type Handlers } from "./endpoints.ts";
import { bodyBytesMax, contentOf, Init, Merge, OnlyHash, parse } from "./fields.ts";
import { addressOf } from "./sessions.ts";

/** Uploads in chunks: begun with the hash of the content, sent, merged. */
export function uploadHandlers(parts: ChunkParts): Handlers {
  const { sessions } = parts;
  return {
    init: withEnvelope(async (request, call) => {
      const { file_hash, filename, file_size, width, height } = parse(Init, await request.json(bodyBytesMax));
      const content = { hash: contentOf(file_hash), name: filename, sizeBytes: file_size };
      const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
      return sessions.init({ ...content, ...size }, call);
    }),

    chunk: createChunkHandler(parts),

    merge: withEnvelope(async (request, call) => {
      const { file_hash, filename, total_chunks } = parse(Merge, await request.json(bodyBytesMax));
      const file = await sessions.merge(contentOf(file_hash), filename, total_chunks, call);
      return { url: addressOf(file), file_size: file.sizeBytes };
    }),

    cancel: withEnvelope(async (request, call) => {
      await sessions.cancel(contentOf(parse(OnlyHash, await request.json(bodyBytesMax)).file_hash), call);
      return undefined;
    }),

    status: withEnvelope(({ query }, call) => sessions.status(contentOf(parse(OnlyHash, query).file_hash), call)),
  };
}
