import { type BlobStore, type Call, KinoraError } from "#kernel";
import { chunkBytesCeiling } from "#kernel/http/limits";
import { WrongType } from "#kernel/http/errors";
import { ChunkMismatch, ChunkTooLarge, upload } from "#services/upload/contract";
import type { ClientOf } from "../../client-of.ts";
import { failureOf, successText as nativeEnvelope } from "../../format/envelope.ts";
import { jsonWriter } from "../../format/json.ts";
import { textReader } from "../../format/read.ts";
import { drain, type Fields, readForm } from "../../uploads/form.ts";
import { discardRejected, pieceOf, storeBytes, type StoredBytes } from "../../uploads/stored-bytes.ts";
import { isForm, type Uploads } from "../../uploads/uploads.ts";
import type { Handler } from "./endpoints.ts";
import { type Envelope, successOf } from "./envelope.ts";
import { contentOf, parse, Part } from "./fields.ts";
import type { ReceivedPiece, ResumableSessions } from "./sessions.ts";

export interface ChunkParts {
  readonly client: ClientOf;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly sessions: ResumableSessions;
}

const { input, output } = upload.methods.chunk;
const readNative = textReader(input);
const writeNative = jsonWriter(output);
const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesCeiling });
const json = "application/json; charset=utf-8";
const isSha256 = (hash: unknown): boolean => typeof hash === "string" && hash.length === 64;

/** Receives one chunk: of this API by the hash of its file, or of the native one by the id of its upload. */
export function createChunkHandler({ client, blob, uploads, sessions }: ChunkParts): Handler {
  const store = (bytes: AsyncIterable<Buffer>, { chunk_hash: hash }: Fields): Promise<StoredBytes> => {
    // An MD5 that comes behind the bytes would come too late to be computed then.
    const otherHashes = isSha256(hash) ? [] : (["md5"] as const);
    return uploads.track(storeBytes(bytes, blob, { bytesMax: chunkBytesCeiling, tooLarge, otherHashes }));
  };

  async function addByHash(fields: Fields, piece: ReceivedPiece, call: Call): Promise<Envelope> {
    const { file_hash, index, chunk_hash } = parse(Part, fields);
    const isMatching = chunk_hash === undefined || chunk_hash === (isSha256(chunk_hash) ? piece.sha256 : piece.md5);
    if (!isMatching) throw ChunkMismatch({});
    const uploadId = await sessions.idOf(contentOf(file_hash), call);
    await sessions.chunk(uploadId, index, piece, call);
    return successOf({ index });
  }

  async function addNatively(fields: Fields, piece: ReceivedPiece, call: Call): Promise<string> {
    // The reader of an object yields an object; the callee parses it.
    const position = readNative(fields) as { uploadId: number; index: number };
    const answer = await client(upload).chunk({ ...position, piece }, call);
    return nativeEnvelope(writeNative(answer, ""));
  }

  async function add(bytes: StoredBytes, addPiece: (piece: ReceivedPiece) => Promise<unknown>) {
    try {
      return await addPiece(pieceOf(bytes));
    } catch (error) {
      await discardRejected(blob, bytes.pieces, error);
      throw error;
    }
  }

  return async (request, reply, call) => {
    const hasForm = isForm(request.headers["content-type"] ?? "");
    let isNative = !hasForm && request.query["upload_id"] !== undefined;
    try {
      if (!hasForm) {
        const fields = request.query;
        if (!isNative) throw WrongType({});
        const bytes = await store(request.raw, { chunk_hash: "0".repeat(64) });
        return reply.type(json).send(await add(bytes, (piece) => addNatively(fields, piece, call)));
      }
      const { fields, file } = await readForm(request, ["data", "chunk"], (bytes, _, before) => store(bytes, before));
      isNative = fields["upload_id"] !== undefined && fields["file_hash"] === undefined;
      const addPiece = isNative ? addNatively : addByHash;
      return reply.type(json).send(await add(file, (piece) => addPiece(fields, piece, call)));
    } catch (error) {
      drain(request.raw);
      if (!isNative || !(error instanceof KinoraError)) throw error;
      return reply.code(error.http).send(failureOf(error, request.traceId));
    }
  };
}
