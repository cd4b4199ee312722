import type { BlobStore, Db, Id, StoredBlob } from "#kernel";
import type { OtherDigests, OtherHash, Piece } from "#kernel/blob/port";
import type { z } from "zod";
import { BadIndex, type ContentHash, MissingChunks, UploadNotFound, UploadTooLarge, type upload } from "../contract.ts";
import { missingOf } from "../sessions/chunks.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import type { UploadHost } from "../settings.ts";
import type { Tables } from "../store.ts";
import { fileTypeBytes } from "./file-type.ts";

export type Finish = z.output<(typeof upload)["methods"]["finish"]["input"]>;

/** The pieces that a session is assembled of. @throws MissingChunks, BadIndex, UploadNotFound */
export async function piecesOf(
  db: Db<Tables>,
  finish: Finish,
  row: sessionStore.SessionRow,
  userId: Id,
): Promise<readonly Piece[]> {
  if (finish.pieces) return finish.pieces;
  if (finish.partials) return partsOf(db, finish.partials, userId);
  const pieces = await pieceStore.pieces(db, row.id);
  const count = finish.chunkCount;
  if (count === undefined) {
    const isComplete = row.sizeBytes !== null && row.receivedBytes === row.sizeBytes;
    if (!isComplete) throw MissingChunks({ missing: [] });
    return pieces;
  }
  const indexes = pieces.map(({ position }) => position);
  const missing = missingOf(indexes, count);
  if (missing.length > 0) throw MissingChunks({ missing });
  if (pieces.length > count) throw BadIndex({});
  return pieces;
}

/** The pieces of complete partial uploads, in the given order. */
async function partsOf(db: Db<Tables>, ids: readonly Id[], userId: Id): Promise<Piece[]> {
  const all: Piece[] = [];
  for (const id of ids) {
    const part = await sessionStore.session(db, id, userId);
    if (!part?.isPartial) throw UploadNotFound({});
    if (part.sizeBytes === null || part.receivedBytes !== part.sizeBytes) throw MissingChunks({ missing: [] });
    all.push(...(await pieceStore.pieces(db, id)));
  }
  return all;
}

/** Assembles the content; `wrong` where its size or hash is not the expected one. */
export async function assemble(
  { blob, settings }: Pick<UploadHost, "blob" | "settings">,
  { known: knownDigests, sizeBytes: finalBytes }: Finish,
  row: sessionStore.SessionRow,
  pieces: readonly Piece[],
  { hash, store }: { readonly hash: ContentHash | undefined; readonly store: string | undefined },
): Promise<StoredBlob | { readonly wrong: string | undefined }> {
  const total = sizeOf(pieces);
  const bytesMax = row.endpoint === "form" && row.state === "open" ? row.reservedBytes : settings.fileBytesMax;
  if (total > bytesMax) throw UploadTooLarge({ bytesMax });
  const expectedBytes = row.endpoint === "form" ? finalBytes : (finalBytes ?? row.sizeBytes ?? undefined);
  if (expectedBytes !== undefined && expectedBytes !== total) return { wrong: undefined };
  const also: OtherHash[] = hash && hash.kind !== "sha256" ? [hash.kind] : [];
  const isEnough = knownDigests && also.every((kind) => knownDigests[kind] !== undefined);
  const stored = await blob.assemble("upload", pieces, {
    also,
    store,
    ...(isEnough && { knownDigests: digestsOf(knownDigests) }),
  });
  return hash && stored[hash.kind] !== hash.hex ? { wrong: stored.key } : stored;
}

export const sizeOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** The first bytes of the content of pieces. */
export async function headOf(blob: BlobStore, pieces: readonly Piece[]): Promise<Buffer> {
  const head: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of blob.pieceBytes(pieces)) {
    head.push(bytes);
    length += bytes.byteLength;
    if (length >= fileTypeBytes) break;
  }
  return Buffer.concat(head).subarray(0, fileTypeBytes);
}

const digestsOf = ({ sha256, md5, sha1 }: NonNullable<Finish["known"]>): OtherDigests & { sha256: string } => ({
  sha256,
  ...(md5 !== undefined && { md5 }),
  ...(sha1 !== undefined && { sha1 }),
});
