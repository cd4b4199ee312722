import type { Id, Tx } from "#kernel";
import type { z } from "zod";
import { BadIndex, UploadBusy, UploadNotFound, type upload, WrongChunkSize } from "../contract.ts";
import type { UploadHost } from "../settings.ts";
import * as store from "../store.ts";
import { bytesAt } from "./chunks.ts";
import * as pieceStore from "./piece-store.ts";
import * as sessionStore from "./session-store.ts";
import { assertOpen, growReservation } from "./reservation.ts";

type Chunk = Omit<z.output<(typeof upload)["methods"]["chunk"]["input"]>, "sha256">;

/** Stores a durable chunk; yields the piece that is no longer needed: the one it replaces, or the new one. */
export async function receiveChunk(
  { now, settings }: Pick<UploadHost, "now" | "settings">,
  tx: Tx<store.Tables>,
  { uploadId: id, index, piece }: Chunk,
  userId: Id,
): Promise<string | undefined> {
  const bounds = await sessionStore.boundsOf(tx, id, userId);
  if (!bounds) throw UploadNotFound({});
  const { sizeBytes, chunkBytes } = bounds;
  const isBounded = chunkBytes !== null && sizeBytes !== null;
  const space = isBounded ? undefined : await store.lockSpace(tx, userId);
  const row = await sessionStore.lockSession(tx, id, userId);
  assertOpen(row);
  if (row.isLeased) throw UploadBusy({});
  if (isBounded) {
    const expectedBytes = bytesAt(index, sizeBytes, chunkBytes);
    if (expectedBytes === undefined) throw BadIndex({});
    if (piece.sizeBytes !== expectedBytes) throw WrongChunkSize({ expectedBytes });
  }
  const before = await pieceStore.pieceAt(tx, id, index);
  if (before?.sha256 === piece.sha256 && before.sizeBytes === piece.sizeBytes) return piece.name;
  const total = row.receivedBytes - (before?.sizeBytes ?? 0) + piece.sizeBytes;
  if (!isBounded) await growReservation(settings, tx, space, row, total);
  const lifeMs = settings.sessionLifeMs;
  // A session that is in use does not expire; written seldom.
  const prolongation = row.expiresAtMs - now() < lifeMs / 2 ? { expires_at_ms: now() + lifeMs } : {};
  await pieceStore.setPiece(tx, {
    session_id: id,
    position: index,
    name: piece.name,
    size_bytes: piece.sizeBytes,
    sha256: piece.sha256,
  });
  await sessionStore.setAmounts(tx, id, { received_bytes: total, ...prolongation });
  return before?.name;
}
