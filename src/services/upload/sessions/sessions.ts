import { type Call, type Id, type Tx, callerOf } from "#kernel";
import type { z } from "zod";
import { bytesAt, chunkCount } from "./chunks.ts";
import {
  BadIndex,
  ChunkMismatch,
  ChunkTooLarge,
  EmptyChunk,
  QuotaExceeded,
  UploadBusy,
  UploadCompleted,
  UploadGone,
  UploadNotFound,
  UploadTooLarge,
  type upload,
  WrongChunkSize,
} from "../contract.ts";
import { cleanName } from "./file-name.ts";
import { bytesLeft, reservation } from "./quota.ts";
import type { UploadHost } from "../settings.ts";
import * as pieceStore from "./piece-store.ts";
import * as sessionStore from "./session-store.ts";
import * as store from "../store.ts";

type Methods = (typeof upload)["methods"];
type Input<N extends keyof Methods> = z.output<Methods[N]["input"]>;

/** A whole form that was not completed gives its space back after this long. */
const formLifeMs = 24 * 3_600_000;

/** Opening sessions, taking chunks, giving up. */
export interface Sessions {
  open(given: Input<"open">, asked: Call): Promise<{ row: sessionStore.SessionRow; bytesMax: number }>;
  chunk(given: Input<"chunk">, asked: Call): Promise<void>;
  announce(given: Input<"announce">, asked: Call): Promise<void>;
  cancel(id: Id, asked: Call): Promise<void>;
  /** Gives more of the user's space to a session whose size is not known; the space is locked. */
  grow(tx: Tx<store.Tables>, space: Space | undefined, row: Sized, totalBytes: number): Promise<void>;
}
type Space = Awaited<ReturnType<typeof store.lockSpace>>;
type Sized = Pick<sessionStore.SessionRow, "id" | "reservedBytes">;

/** @throws UploadNotFound, UploadCompleted, UploadGone where bytes can no longer be added. */
export function assertOpen(row: { readonly state: sessionStore.SessionRow["state"] } | undefined): asserts row {
  if (!row) throw UploadNotFound({});
  if (row.state === "completed") throw UploadCompleted({});
  if (row.state !== "open") throw UploadGone({});
}

export function sessionsOf({ db, blob, nextId, now, settings }: UploadHost): Sessions {
  const { fileBytesMax, chunkBytesMax } = settings;
  const life = (door: string) => (door === "form" ? formLifeMs : settings.sessionLifeMs);

  /** What still goes on is not given up; written seldom. */
  const prolonged = ({ expiresAtMs }: Pick<sessionStore.SessionRow, "expiresAtMs">) =>
    expiresAtMs - now() < settings.sessionLifeMs / 2 ? { expires_at_ms: now() + settings.sessionLifeMs } : {};

  async function grow(tx: Tx<store.Tables>, space: Space, { id, reservedBytes }: Sized, total: number): Promise<void> {
    if (total > fileBytesMax) throw UploadTooLarge({ bytesMax: fileBytesMax });
    if (total <= reservedBytes) return;
    const left = space ? bytesLeft(space, settings) : 0;
    if (total - reservedBytes > left) throw QuotaExceeded({ bytesLeft: left });
    await sessionStore.setAmounts(tx, id, { reserved_bytes: total });
  }

  /** That API lets the server choose: nothing that is refused later. */
  const partBytes = (door: Input<"open">["door"], wanted: number): number =>
    door === "cloudfiles" ? Math.min(wanted, chunkBytesMax) : wanted;

  return {
    grow,

    async open(given, asked) {
      const userId = callerOf(asked);
      const { door, hash, sizeBytes } = given;
      return db.tx(async (tx) => {
        const space = await store.lockSpace(tx, userId);
        if (!space) throw QuotaExceeded({ bytesLeft: 0 });
        const open = hash ? await sessionStore.openByHash(tx, userId, door, hash) : [];
        const before = open.find((row) => isSame(row, given));
        if (before) {
          const row = await resized(tx, space, before, sizeBytes);
          return { row, bytesMax: row.reservedBytes };
        }
        const bytesMax = reservation(space, settings, sizeBytes ?? (door === "form" ? undefined : 0));
        if (bytesMax === "too_large") throw UploadTooLarge({ bytesMax: fileBytesMax });
        if (bytesMax === "no_space") throw QuotaExceeded({ bytesLeft: bytesLeft(space, settings) });
        const id = nextId();
        await sessionStore.openSession(tx, {
          id,
          user_id: userId,
          name: cleanName(given.name),
          reserved_bytes: bytesMax,
          created_at_ms: now(),
          door,
          size_bytes: sizeBytes ?? null,
          chunk_bytes: given.chunkBytes === undefined ? null : partBytes(door, given.chunkBytes),
          hash_kind: hash?.kind ?? null,
          hash: hash?.hex ?? null,
          purpose: given.purpose,
          folder_id: given.folderId ?? null,
          conflict: given.conflict,
          metadata: given.metadata ?? null,
          is_partial: given.isPartial,
          expires_at_ms: now() + life(door),
        });
        const row = await sessionStore.session(tx, id, userId);
        if (!row) throw UploadNotFound({});
        return { row, bytesMax };
      });
    },

    async chunk({ uploadId, index, sha256, piece }, asked) {
      const userId = callerOf(asked);
      if (piece.sizeBytes === 0) throw EmptyChunk({});
      if (piece.sizeBytes > chunkBytesMax) throw ChunkTooLarge({ bytesMax: chunkBytesMax });
      if (sha256 !== undefined && sha256 !== piece.sha256) throw ChunkMismatch({});
      const superfluous = await db.tx((tx) => note(tx, { uploadId, index, piece }, userId));
      if (superfluous !== undefined) await blob.drop([superfluous]);
    },

    async announce({ id, sizeBytes }, asked) {
      const userId = callerOf(asked);
      await db.tx(async (tx) => {
        const space = await store.lockSpace(tx, userId);
        const row = await sessionStore.lockSession(tx, id, userId);
        assertOpen(row);
        if (row.sizeBytes === sizeBytes) return;
        if (row.sizeBytes !== null) throw UploadCompleted({});
        await grow(tx, space, row, sizeBytes);
        await sessionStore.setAmounts(tx, id, { reserved_bytes: sizeBytes, size_bytes: sizeBytes });
      });
    },

    async cancel(id, asked) {
      const userId = callerOf(asked);
      const dropped = await db.tx(async (tx) => {
        const row = await sessionStore.lockSession(tx, id, userId);
        if (!row) throw UploadNotFound({});
        if (row.state === "completed") throw UploadCompleted({});
        if (row.state !== "open") return [];
        await sessionStore.endSession(tx, id, "cancelled");
        return pieceStore.dropPieces(tx, id);
      });
      await blob.drop(dropped);
    },
  };

  /** The session with the size that was said last, and the space for it. */
  async function resized(tx: Tx<store.Tables>, space: Space, row: sessionStore.SessionRow, sizeBytes = row.sizeBytes) {
    if (sizeBytes === null || sizeBytes === row.sizeBytes) return row;
    await grow(tx, space, row, sizeBytes);
    const reservedBytes = Math.max(sizeBytes, row.receivedBytes);
    await sessionStore.setAmounts(tx, row.id, { size_bytes: sizeBytes, reserved_bytes: reservedBytes });
    return { ...row, sizeBytes, reservedBytes };
  }

  /** Notes a chunk that is durable; yields the piece that nobody needs then: the one it replaced, or itself. */
  async function note(
    tx: Tx<store.Tables>,
    { uploadId: id, index, piece }: Omit<Input<"chunk">, "sha256">,
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
    if (!isBounded) await grow(tx, space, row, total);
    await pieceStore.setPiece(tx, {
      session_id: id,
      position: index,
      name: piece.name,
      size_bytes: piece.sizeBytes,
      sha256: piece.sha256,
    });
    await sessionStore.setAmounts(tx, id, { received_bytes: total, ...prolonged(row) });
    return before?.name;
  }
}

/** Whether an open session is what is asked for, so that it can go on. Of a hash the resumable API has one alone. */
const isSame = (row: sessionStore.SessionRow, given: Input<"open">): boolean =>
  (given.door === "resumable" || row.sizeBytes === (given.sizeBytes ?? row.sizeBytes)) &&
  row.purpose === given.purpose &&
  row.folderId === (given.folderId ?? null) &&
  row.isPartial === given.isPartial;

/** How many chunks a session must have; undefined where its client alone knows. */
export const chunksOf = ({ sizeBytes, chunkBytes }: Pick<sessionStore.SessionRow, "sizeBytes" | "chunkBytes">) =>
  chunkBytes === null || sizeBytes === null ? undefined : chunkCount(sizeBytes, chunkBytes);
