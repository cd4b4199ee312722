import { type Call, type Id, type Tx, callerOf } from "#kernel";
import type { z } from "zod";
import { chunkCount } from "./chunks.ts";
import { receiveChunk } from "./chunk-receipt.ts";
import { assertOpen, growReservation, resize, type Sized, type Space } from "./reservation.ts";
import {
  ChunkMismatch,
  ChunkTooLarge,
  EmptyChunk,
  QuotaExceeded,
  TooManyUploads,
  UploadCompleted,
  UploadNotFound,
  UploadTooLarge,
  type upload,
} from "../contract.ts";
import { fileNameOf } from "#policy/file-name";
import { bytesLeft, reservation } from "./quota.ts";
import type { UploadHost } from "../settings.ts";
import * as pieceStore from "./piece-store.ts";
import * as sessionStore from "./session-store.ts";
import * as store from "../store.ts";

type Methods = (typeof upload)["methods"];
type Input<N extends keyof Methods> = z.output<Methods[N]["input"]>;

/** A form that was not completed releases its space after this time. */
const formLifeMs = 24 * 3_600_000;

/** Uploads end when their user ends them: soon enough to ask again. */
const retryMs = 60_000;

/** Opens and cancels sessions, and receives their chunks. */
export interface Sessions {
  /**
   * Opens a session and reserves its space, in the transaction that makes its answer or its owner durable: a session that
   * nobody knows would hold its space until it expires.
   */
  open(
    tx: Tx<store.Tables>,
    input: Input<"open">,
    call: Call,
  ): Promise<{ row: sessionStore.SessionRow; bytesMax: number }>;
  chunk(input: Input<"chunk">, call: Call): Promise<void>;
  announce(input: Input<"announce">, call: Call): Promise<void>;
  cancel(id: Id, call: Call): Promise<void>;
  /** Reserves more of the user's space, which is locked, for a session of unknown size. */
  grow(tx: Tx<store.Tables>, space: Space | undefined, row: Sized, totalBytes: number): Promise<void>;
}
export function createSessions(host: UploadHost): Sessions {
  const { db, blob, nextId, now, settings } = host;
  const { fileBytesMax, chunkBytesMax } = settings;
  const assertMayOpen = async (tx: Tx<store.Tables>, userId: Id, endpoint: Input<"open">["endpoint"]) => {
    // The space of the user is locked, so that concurrent requests are counted one after the other.
    if (endpoint === "import" || (await sessionStore.openCount(tx, userId)) < settings.openMax) return;
    throw TooManyUploads({ uploadsMax: settings.openMax, retryAfterMs: retryMs });
  };
  const life = (endpoint: string) => (endpoint === "form" ? formLifeMs : settings.sessionLifeMs);

  return {
    grow: (tx, space, row, totalBytes) => growReservation(settings, tx, space, row, totalBytes),

    async open(tx, input, call) {
      const userId = callerOf(call);
      const { endpoint, hash, sizeBytes } = input;
      const space = await store.lockSpace(tx, userId);
      if (!space) throw QuotaExceeded({ bytesLeft: 0 });
      const open = hash ? await sessionStore.openByHash(tx, userId, endpoint, hash) : [];
      const before = open.find((row) => isSame(row, input));
      if (before) {
        const row = await resize(settings, tx, space, before, sizeBytes);
        return { row, bytesMax: row.reservedBytes };
      }
      await assertMayOpen(tx, userId, endpoint);
      const bytesMax = reservation(space, settings, sizeBytes ?? (endpoint === "form" ? undefined : 0));
      if (bytesMax === "too_large") throw UploadTooLarge({ bytesMax: fileBytesMax });
      if (bytesMax === "no_space") throw QuotaExceeded({ bytesLeft: bytesLeft(space, settings) });
      const id = nextId();
      await sessionStore.openSession(tx, {
        id,
        user_id: userId,
        ...columnsOf(input, chunkBytesMax),
        reserved_bytes: bytesMax,
        created_at_ms: now(),
        expires_at_ms: now() + life(endpoint),
      });
      const row = await sessionStore.session(tx, id, userId);
      if (!row) throw UploadNotFound({});
      return { row, bytesMax };
    },

    async chunk({ uploadId, index, sha256, piece }, call) {
      const userId = callerOf(call);
      if (piece.sizeBytes === 0) throw EmptyChunk({});
      if (piece.sizeBytes > chunkBytesMax) throw ChunkTooLarge({ bytesMax: chunkBytesMax });
      if (sha256 !== undefined && sha256 !== piece.sha256) throw ChunkMismatch({});
      const superfluous = await db.tx((tx) => receiveChunk(host, tx, { uploadId, index, piece }, userId));
      if (superfluous !== undefined) await blob.drop([superfluous]);
    },

    async announce({ id, sizeBytes }, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        const space = await store.lockSpace(tx, userId);
        const row = await sessionStore.lockSession(tx, id, userId);
        assertOpen(row);
        if (row.sizeBytes === sizeBytes) return;
        if (row.sizeBytes !== null) throw UploadCompleted({});
        await growReservation(settings, tx, space, row, sizeBytes);
        await sessionStore.setAmounts(tx, id, { reserved_bytes: sizeBytes, size_bytes: sizeBytes });
      });
    },

    async cancel(id, call) {
      const userId = callerOf(call);
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
}

/** The columns of an input, by its fields: a new field of the contract without an entry is a type error. */
const columnsOf = (input: Input<"open">, chunkBytesMax: number) => {
  const { name, endpoint, sizeBytes, chunkBytes, hash, purpose, folderId, conflict, metadata, isPartial } = input;
  // In the cloud files API the server may choose the size of chunks.
  const limited =
    chunkBytes !== undefined && endpoint === "cloudfiles" ? Math.min(chunkBytes, chunkBytesMax) : chunkBytes;
  const columns = {
    name: { name: fileNameOf(name) },
    endpoint: { endpoint },
    sizeBytes: { size_bytes: sizeBytes ?? null },
    chunkBytes: { chunk_bytes: limited ?? null },
    hash: { hash_kind: hash?.kind ?? null, hash: hash?.hex ?? null },
    purpose: { purpose },
    folderId: { folder_id: folderId ?? null },
    conflict: { conflict },
    metadata: { metadata: metadata ?? null },
    isPartial: { is_partial: isPartial },
  } satisfies Record<keyof Input<"open">, Partial<NewSession>>;
  return {
    ...columns.name,
    ...columns.endpoint,
    ...columns.sizeBytes,
    ...columns.chunkBytes,
    ...columns.hash,
    ...columns.purpose,
    ...columns.folderId,
    ...columns.conflict,
    ...columns.metadata,
    ...columns.isPartial,
  };
};
type NewSession = Parameters<typeof sessionStore.openSession>[1];

/** True if an open session matches a request, so that it continues. The resumable API has one session for each hash. */
const isSame = (row: sessionStore.SessionRow, input: Input<"open">): boolean =>
  (input.endpoint === "resumable" || row.sizeBytes === (input.sizeBytes ?? row.sizeBytes)) &&
  row.purpose === input.purpose &&
  row.folderId === (input.folderId ?? null) &&
  row.isPartial === input.isPartial;

/** How many chunks a session must have; undefined where its client alone knows. */
export const chunksOf = ({ sizeBytes, chunkBytes }: Pick<sessionStore.SessionRow, "sizeBytes" | "chunkBytes">) =>
  chunkBytes === null || sizeBytes === null ? undefined : chunkCount(sizeBytes, chunkBytes);
