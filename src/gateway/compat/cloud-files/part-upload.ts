import type { BlobStore, Call, Client } from "#kernel";
import { chunkBytesCeiling } from "#kernel/http/limits";
import { drive } from "#services/drive/contract";
import { ChunkMismatch, ChunkTooLarge, HashMismatch, UploadNotFound, upload } from "#services/upload/contract";
import type { z } from "zod";
import { type Incoming, readForm } from "../../uploads/form.ts";
import { discardRejected, pieceOf, storeBytes, type StoredBytes } from "../../uploads/stored-bytes.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { isWholeForm, mergeParameters } from "../parameters.ts";
import { hasCredentials } from "./caller.ts";
import { type EndpointParts, type Handler, type Handlers, sha1Hash, uploadWaitMs } from "./endpoints.ts";
import { successOf } from "./envelope.ts";
import { isSameCaller } from "./file-upload.ts";
import { Begin, Complete, Part, parametersOf, parse } from "./parameters.ts";

interface PartUploadParts extends EndpointParts {
  readonly blob: BlobStore;
  readonly uploads: Uploads;
}
type Part = z.output<typeof Part>;

const partBytes = 5 * 2 ** 20;
const endpoint = "cloudfiles" as const;
const purpose = "drive" as const;
const tooLarge = () => ChunkTooLarge({ bytesMax: chunkBytesCeiling });

/** Files in parts: begun with their hash, sent part by part, completed. */
export function createPartUploadHandlers(parts: PartUploadParts): Handlers {
  const { client, callers } = parts;
  const uploads = client(upload);

  const begin: Handler = async (route, request, reply) => {
    const parameters = await parametersOf(request);
    const { call } = await callers.admit(route, request, reply, parameters, uploadWaitMs);
    const { filehash, filesize, filename = filehash } = parse(Begin, parameters);
    const content = { name: filename, hash: sha1Hash(filehash), sizeBytes: filesize };
    const { session } = await uploads.open({ endpoint, purpose, ...content, chunkBytes: partBytes }, call);
    const { indexes } = await uploads.session({ id: session.id, endpoint }, call);
    return successOf({
      FileHash: filehash,
      FileSize: filesize,
      UploadID: String(session.id),
      UploadId: String(session.id),
      ChunkSize: session.chunkBytes ?? partBytes,
      ChunkCount: session.chunkCount ?? 0,
      ChunkExists: indexes.map((index) => index + 1),
    });
  };

  const part: Handler = async (route, request, reply) => {
    const query = mergeParameters(request.query, {});
    if (!isWholeForm(request)) {
      const { call } = await callers.admit(route, request, reply, query, uploadWaitMs);
      const described = parse(Part, query);
      const bytes = await storePart(parts, request.raw, described.chkhash !== undefined);
      return recordPart(parts, bytes, async () => ({ call, part: described }));
    }
    const named = hasCredentials(request, query)
      ? await callers.admit(route, request, reply, query, uploadWaitMs)
      : undefined;
    // A hash behind the bytes would come too late to be computed then.
    const receive = (incoming: Incoming) => storePart(parts, incoming, true);
    const { fields, file } = await readForm(request, ["file", "data"], receive);
    return recordPart(parts, file, async () => {
      const parameters = mergeParameters(request.query, fields);
      const caller = named && isSameCaller(parameters, query) ? named : undefined;
      const { call } = caller ?? (await callers.admit(route, request, reply, parameters, uploadWaitMs));
      return { call, part: parse(Part, parameters) };
    });
  };

  const complete: Handler = async (route, request, reply) => {
    const parameters = await parametersOf(request);
    const { call } = await callers.admit(route, request, reply, parameters, uploadWaitMs);
    const { name, ...file } = await finish(uploads, parse(Complete, parameters), call);
    await client(drive).keep({ fileId: file.id, name }, call);
    return successOf();
  };

  return { begin, part, complete };
}

function storePart({ blob, uploads }: PartUploadParts, bytes: Incoming, isHashed: boolean): Promise<StoredBytes> {
  const otherHashes = isHashed && { otherHashes: ["sha1"] as const };
  return uploads.track(storeBytes(bytes, blob, { bytesMax: chunkBytesCeiling, tooLarge, ...otherHashes }));
}

/** Adds a durable part to its upload; its bytes are removed where that is refused. */
async function recordPart(
  { client, blob }: PartUploadParts,
  bytes: StoredBytes,
  describe: () => Promise<{ readonly call: Call; readonly part: Part }>,
) {
  const uploads = client(upload);
  try {
    const { call, part } = await describe();
    const { uploadid: id, index, chkhash } = part;
    if (chkhash !== undefined && chkhash !== bytes.digests.sha1) throw ChunkMismatch({});
    if (id === 0) throw UploadNotFound({});
    const { session } = await uploads.session({ id, endpoint, isBrief: true }, call);
    await uploads.chunk({ uploadId: session.id, index: index - 1, piece: pieceOf(bytes) }, call);
    return successOf();
  } catch (error) {
    await discardRejected(blob, bytes.pieces, error);
    throw error;
  }
}

async function finish(
  uploads: Client<typeof upload>,
  { uploadid, filehash, filesize, filename }: z.output<typeof Complete>,
  call: Call,
) {
  if (uploadid === 0) throw UploadNotFound({});
  const { session } = await uploads.session({ id: uploadid, endpoint, isBrief: true }, call);
  const { id, chunkCount } = session;
  if (session.hash?.hex !== filehash || session.sizeBytes !== filesize) {
    if (session.status === "uploading") await uploads.cancel({ id }, call);
    throw HashMismatch({});
  }
  const name = filename ?? session.name;
  return uploads.finish({ id, name, onMismatch: "end", ...(chunkCount && { chunkCount }) }, call);
}
