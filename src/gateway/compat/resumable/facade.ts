import type { Call, Rate } from "#kernel";
import { auth } from "#services/auth/contract";
import { ChunkTooLarge, EmptyChunk } from "#services/upload/contract";
import type { Facade, FacadeHandlers, FacadeParts } from "../facade.ts";
import { dropRefused, kept } from "../../uploads/kept.ts";
import { refused, succeeded } from "./envelope.ts";
import { resumableUser, resumableVideo } from "./facade-contract.ts";
import { contentOf, Credentials, fieldsOf, Init, Merge, Part } from "./fields.ts";
import { addressOf, uploading } from "./uploading.ts";

const family = "resumable";
/** What one message may hold of a file. */
const chunkBytesMax = 6 * 2 ** 20;

/** The resumable-upload-compatible API by gRPC. */
export function resumableFacades({ client, blob, admission }: FacadeParts): readonly Facade[] {
  const accounts = client(auth);
  const count = async (rate: Rate, call: Call) => void (await admission.count(rate, family, call));
  const sessions = uploading({ client, count });

  const user: FacadeHandlers<typeof resumableUser> = {
    async register(given, call) {
      const { userId } = await accounts.registerFor({ family, ...fieldsOf(Credentials, given) }, call);
      return succeeded({ userId });
    },
    async login(given, call) {
      const { userId } = await accounts.loginFor({ family, ...fieldsOf(Credentials, given) }, call);
      return succeeded({ userId });
    },
  };

  const video: FacadeHandlers<typeof resumableVideo> = {
    async initUpload({ fileHash, filename }, call) {
      const asked = fieldsOf(Init, { file_hash: fileHash, filename });
      const begun = await sessions.init({ hash: contentOf(asked.file_hash), name: asked.filename }, call);
      return succeeded({ status: begun.status, finishedChunks: begun.finished_chunks, url: begun.url });
    },
    async uploadChunk({ fileHash, index: text, data }, call) {
      const { file_hash, index } = fieldsOf(Part, { file_hash: fileHash, index: text });
      if (data.byteLength === 0) throw EmptyChunk({});
      const uploadId = await sessions.idOf(contentOf(file_hash), call);
      const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesMax });
      const { pieces, sizeBytes, known } = await kept(only(data), blob, { bytesMax: chunkBytesMax, tooLarge });
      const names = pieces.map(({ name }) => name);
      const [name = ""] = names;
      await sessions.chunk(uploadId, index, { name, sizeBytes, ...known }, call).catch(async (error: unknown) => {
        await dropRefused(blob, names, error);
        throw error;
      });
      return succeeded();
    },
    async mergeFile({ fileHash, filename, totalChunks }, call) {
      const asked = fieldsOf(Merge, { file_hash: fileHash, filename, total_chunks: totalChunks });
      const file = await sessions.merge(contentOf(asked.file_hash), asked.filename, asked.total_chunks, call);
      return succeeded({ url: addressOf(file) });
    },
  };

  const common = { group: family, refused };
  return [
    { ...common, contract: resumableUser, handlers: user },
    { ...common, contract: resumableVideo, handlers: video },
  ];
}

async function* only(bytes: Uint8Array): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
