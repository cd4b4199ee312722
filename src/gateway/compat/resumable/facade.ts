import { auth } from "#services/auth/contract";
import { ChunkTooLarge, EmptyChunk } from "#services/upload/contract";
import { discardRejected, pieceOf, storeBytes } from "../../uploads/stored-bytes.ts";
import type { Facade, FacadeHandlers, FacadeParts } from "../facade.ts";
import { family } from "./endpoints.ts";
import { refusalOf, successOf } from "./envelope.ts";
import { resumableUser, resumableVideo } from "./facade-contract.ts";
import { contentOf, Credentials, Init, Merge, parse, Part } from "./fields.ts";
import { addressOf, ResumableSessions } from "./sessions.ts";

/** The bytes of a file that one message may hold. */
const chunkBytesMax = 6 * 2 ** 20;
const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesMax });

/** The resumable-upload-compatible API by gRPC. */
export function resumableFacades({ client, blob, admission }: FacadeParts): readonly Facade[] {
  const accounts = client(auth);
  const sessions = new ResumableSessions({
    client,
    count: async (rate, call) => void (await admission.count(rate, family, call)),
  });

  const user: FacadeHandlers<typeof resumableUser> = {
    async register(credentials, call) {
      const { userId } = await accounts.registerFor({ family, ...parse(Credentials, credentials) }, call);
      return successOf({ userId });
    },
    async login(credentials, call) {
      const { userId } = await accounts.loginFor({ family, ...parse(Credentials, credentials) }, call);
      return successOf({ userId });
    },
  };

  const video: FacadeHandlers<typeof resumableVideo> = {
    async initUpload({ fileHash, filename }, call) {
      const fields = parse(Init, { file_hash: fileHash, filename });
      const progress = await sessions.init({ hash: contentOf(fields.file_hash), name: fields.filename }, call);
      return successOf({ status: progress.status, finishedChunks: progress.finished_chunks, url: progress.url });
    },
    async uploadChunk({ fileHash, index: text, data }, call) {
      const { file_hash, index } = parse(Part, { file_hash: fileHash, index: text });
      if (data.byteLength === 0) throw EmptyChunk({});
      const uploadId = await sessions.idOf(contentOf(file_hash), call);
      const bytes = await storeBytes(once(data), blob, { bytesMax: chunkBytesMax, tooLarge });
      await sessions.chunk(uploadId, index, pieceOf(bytes), call).catch(async (error: unknown) => {
        await discardRejected(blob, bytes.pieces, error);
        throw error;
      });
      return successOf();
    },
    async mergeFile({ fileHash, filename, totalChunks }, call) {
      const fields = parse(Merge, { file_hash: fileHash, filename, total_chunks: totalChunks });
      const file = await sessions.merge(contentOf(fields.file_hash), fields.filename, fields.total_chunks, call);
      return successOf({ url: addressOf(file) });
    },
  };

  const common = { group: family, refusalOf };
  return [
    { ...common, contract: resumableUser, handlers: user },
    { ...common, contract: resumableVideo, handlers: video },
  ];
}

async function* once(bytes: Uint8Array): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
