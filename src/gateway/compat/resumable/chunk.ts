import { type BlobStore, type Call, type Client, type Contract, KinoraError } from "#kernel";
import { WrongType } from "#kernel/http/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { ChunkMismatch, ChunkTooLarge, upload } from "#services/upload/contract";
import { failed, succeeded as wrapped } from "../../rest/envelope.ts";
import { drain, type Fields, readForm } from "../../uploads/form.ts";
import { dropRefused, type Kept, kept } from "../../uploads/kept.ts";
import { chunkBytesMax, isForm, type Uploads } from "../../uploads/uploads.ts";
import { jsonWriter } from "../../rest/json.ts";
import { textReader } from "../../rest/read.ts";
import { succeeded, type Told } from "./envelope.ts";
import { contentOf, fieldsOf, Part } from "./fields.ts";
import type { ReceivedPiece, Uploading } from "./uploading.ts";

interface Parts {
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly uploading: Uploading;
}

const { input, output } = upload.methods.chunk;
const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesMax });

/** Takes one chunk: of this API by the hash of its file, or of the native one by the number of its upload. */
export function chunkDoor({ client, blob, uploads, uploading }: Parts) {
  /** An MD5 that is sent behind the bytes is told too late to be computed then. */
  const also = ({ chunk_hash: hash }: Fields) => (isSha256(hash) ? [] : (["md5"] as const));

  const keep = (bytes: AsyncIterable<Buffer>, before: Fields): Promise<Kept> =>
    uploads.during(kept(bytes, blob, { bytesMax: chunkBytesMax, tooLarge, also: also(before) }));

  async function byHash(fields: Fields, piece: ReceivedPiece, call: Call): Promise<Told> {
    const { file_hash, index, chunk_hash } = fieldsOf(Part, fields);
    const isRight = chunk_hash === undefined || chunk_hash === (isSha256(chunk_hash) ? piece.sha256 : piece.md5);
    if (!isRight) throw ChunkMismatch({});
    const uploadId = await uploading.idOf(contentOf(file_hash), call);
    await uploading.chunk(uploadId, index, piece, call);
    return succeeded({ index });
  }

  async function native(fields: Fields, piece: ReceivedPiece, call: Call): Promise<string> {
    // The reader of an object yields an object; the callee parses it.
    const read = textReader(input)(fields) as { uploadId: number; index: number };
    const answer = await client(upload).chunk({ ...read, piece }, call);
    return wrapped(jsonWriter(output)(answer, ""));
  }

  async function noted(taken: Kept, answer: (piece: ReceivedPiece) => Promise<unknown>) {
    // Of no bytes a store may make no piece: the service refuses them whatever they are called.
    const { name } = taken.pieces[0] ?? { name: "0".repeat(32) };
    try {
      return await answer({ name, sizeBytes: taken.sizeBytes, ...taken.known });
    } catch (error) {
      const names = taken.pieces.map((piece) => piece.name);
      await dropRefused(blob, names, error);
      throw error;
    }
  }

  return async (request: HttpRequest, reply: HttpReply, call: Call): Promise<unknown> => {
    const isOfForm = isForm(request.headers["content-type"] ?? "");
    let isNative = !isOfForm && request.query["upload_id"] !== undefined;
    try {
      if (!isOfForm) {
        const fields = request.query;
        if (!isNative) throw WrongType({});
        const taken = await keep(request.raw, { chunk_hash: "0".repeat(64) });
        return reply.type(json).send(await noted(taken, (piece) => native(fields, piece, call)));
      }
      const { fields, taken } = await readForm(request, ["data", "chunk"], (bytes, _, before) => keep(bytes, before));
      isNative = fields["upload_id"] !== undefined && fields["file_hash"] === undefined;
      const answer = isNative ? native : byHash;
      return reply.type(json).send(await noted(taken, (piece) => answer(fields, piece, call)));
    } catch (error) {
      drain(request.raw);
      if (!isNative || !(error instanceof KinoraError)) throw error;
      return reply.code(error.http).send(failed(error, request.traceId));
    }
  };
}

const json = "application/json; charset=utf-8";
const isSha256 = (hash: unknown): boolean => typeof hash === "string" && hash.length === 64;
