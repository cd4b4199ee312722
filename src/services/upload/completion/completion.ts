import { type BlobStore, type Call, type Id, KinoraError, type StoredBlob, type Tx, callerOf } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import type { OtherDigests, OtherHash, Piece } from "#kernel/blob/port";
import type { z } from "zod";
import { missingOf } from "../sessions/chunks.ts";
import {
  BadIndex,
  type ContentHash,
  fileUploaded,
  HashMismatch,
  MissingChunks,
  NotMedia,
  QuotaExceeded,
  type StoredFile,
  UploadBusy,
  UploadCompleted,
  UploadGone,
  UploadInterrupted,
  UploadNotFound,
  UploadTooLarge,
  type upload,
} from "../contract.ts";
import { keptLease } from "../sessions/lease.ts";
import { likenessBytes, likenessOf } from "./likeness.ts";
import { cleanName } from "../sessions/file-name.ts";
import { bytesLeft } from "../sessions/quota.ts";
import type { UploadHost } from "../settings.ts";
import * as contentStore from "../instant/content-store.ts";
import * as leaseStore from "../sessions/lease-store.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import * as store from "../store.ts";

type Finish = z.output<(typeof upload)["methods"]["finish"]["input"]>;

export interface Finishing {
  finish(given: Finish, asked: Call): Promise<StoredFile>;
  /** Makes a file of content that is stored; in the caller's transaction, after it has locked the space. */
  make(tx: Tx<store.Tables>, of: NewFile): Promise<StoredFile>;
}
interface NewFile extends Pick<StoredFile, "userId" | "name" | "purpose" | "folderId" | "conflict" | "mime" | "kind"> {
  readonly stored: StoredBlob;
}

const space = "upload";
const attemptsMax = 5;
const busyMsMax = 5_000;
const askAgainMs = 50;

/** From pieces to a file: assembled, verified, and only then there. */
export function finishing(host: UploadHost): Finishing {
  const { db, blob, emit, nextId, now, jobs, settings, environment, random, counter, log } = host;
  const { fileBytesMax, leaseMs, digestAfterMs } = settings;
  const uploaded = counter("upload_bytes_total", "bytes of files that were uploaded whole");
  /** Whoever asks for the same end twice at once gets the same answer. */
  const running = new Map<Id, Promise<StoredFile>>();

  async function make(tx: Tx<store.Tables>, { stored, ...of }: NewFile): Promise<StoredFile> {
    const { key, sha256, sizeBytes, md5, sha1 } = stored;
    await contentStore.lockKey(tx, key);
    const object = await readable(blob, key);
    // The last file with these bytes was removed between their arrival and now, or they were found to be damaged: they
    // have to come again.
    if (object?.sizeBytes !== sizeBytes) throw UploadInterrupted({});
    const id = nextId();
    const digests = { ...(md5 !== undefined && { md5 }), ...(sha1 !== undefined && { sha1 }) };
    const { userId, name, mime, kind, purpose, folderId, conflict } = of;
    const file = await store.addFile(
      tx,
      {
        id,
        user_id: userId,
        key,
        sha256,
        size_bytes: sizeBytes,
        name,
        mime,
        kind,
        purpose,
        folder_id: folderId,
        conflict,
        created_at_ms: now(),
      },
      digests,
    );
    await emit(tx, fileUploaded, id, {
      fileId: id,
      userId,
      hash: sha256,
      sizeBytes,
      kind,
      mime,
      location: key,
      name,
      purpose,
      folderId,
      conflict,
    });
    if (md5 === undefined || sha1 === undefined)
      await jobs.add(tx, "digest", { payload: { key }, uniqueKey: key, priority: -10, delayMs: digestAfterMs });
    return file;
  }

  /** The session, whose end nobody else works on meanwhile; or the file it has become. */
  async function begin({ id, pieces }: Finish, userId: Id, writer: string) {
    return db.tx(async (tx) => {
      const row = await sessionStore.lockSession(tx, id, userId);
      if (!row) throw UploadNotFound({});
      if (row.state === "completed") {
        // A whole form that is sent again gets its first answer, also where the file has been deleted since.
        const isAgain = pieces !== undefined;
        const file = row.fileId === null ? undefined : await store.file(tx, row.fileId, isAgain);
        if (!file) throw row.fileId === null ? UploadCompleted({}) : UploadNotFound({});
        return { file };
      }
      // A form whose time was over, or that was given up, may end well after all.
      if (row.state !== "open" && row.state !== "released") throw UploadGone({});
      if (row.isLeased) throw UploadBusy({});
      return { row, fence: await leaseStore.lease(tx, id, writer, leaseMs) };
    });
  }

  async function finish(given: Finish, userId: Id): Promise<StoredFile> {
    const { id } = given;
    const begun = await patiently(() => begin(given, userId, `finish#${random(8).toString("hex")}`));
    if (begun.file) {
      // Sent again where the first answer was lost: these are the same bytes once more.
      await letDrop(given.pieces?.map(({ name }) => name) ?? []);
      return begun.file;
    }
    const { row, fence } = begun;
    using _lease = keptLease(host, id, fence);
    try {
      return await whole(given, { row, fence, userId });
    } catch (error) {
      await letGo(id, fence);
      throw error;
    }
  }

  interface Held {
    readonly row: sessionStore.SessionRow;
    readonly fence: number;
    readonly userId: Id;
  }

  async function whole(given: Finish, session: Held): Promise<StoredFile> {
    const { row, userId } = session;
    const pieces = await piecesOf(given, row, userId);
    const own = given.pieces?.map(({ name }) => name) ?? [];
    const hash = given.hash ?? hashOf(row);
    const { purpose = row.purpose, folderId = row.folderId, conflict = row.conflict } = given;
    const likeness = likenessOf(await headOf(blob, pieces), sizeOf(pieces));
    if (purpose === "media" && likeness.kind === "other") return refuse(given, session, NotMedia({}));
    for (let attempt = 1; ; attempt++) {
      const store = blob.storeFor?.({ space, kind: likeness.kind, userId });
      const stored = await verified(given, row, pieces, { hash, store });
      if ("wrong" in stored) return refuse(given, session, HashMismatch({}), stored.wrong);
      await environment.failpoints.hit("upload.assembled");
      try {
        const { file, dropped } = await settle(given, session, { purpose, folderId, conflict, ...likeness, stored });
        await environment.failpoints.hit("upload.settled");
        uploaded.add(stored.sizeBytes);
        await letDrop([...dropped, ...own]);
        return file;
      } catch (error) {
        // The last other file with these bytes was removed in between, and they with it; the pieces are still there.
        const isGone = error instanceof KinoraError && error.code === UploadInterrupted.code;
        if (!isGone || attempt === attemptsMax) throw error;
      }
    }
  }

  async function settle(given: Finish, { row, fence, userId }: Held, of: Omit<NewFile, "userId" | "name">) {
    return db.tx(async (tx) => {
      const space = await store.lockSpace(tx, userId);
      if (!space) throw UploadNotFound({});
      await held(tx, row.id, userId, fence);
      const left = bytesLeft(space, settings) + (row.state === "open" ? row.reservedBytes : 0);
      if (of.stored.sizeBytes > left) throw QuotaExceeded({ bytesLeft: left });
      const name = given.name === undefined ? row.name : cleanName(given.name);
      const file = await make(tx, { userId, name, ...of });
      const dropped = await pieceStore.dropPieces(tx, row.id);
      await sessionStore.endSession(tx, row.id, "completed", file.id);
      return { file, dropped };
    });
  }

  /** What is wrong with the content is so for good: its pieces go, and the session too where it cannot be sent again. */
  async function refuse(given: Finish, { row, fence, userId }: Held, why: KinoraError, key?: string): Promise<never> {
    const dropped = await db.tx(async (tx) => {
      await held(tx, row.id, userId, fence);
      const names = await pieceStore.dropPieces(tx, row.id);
      if (given.onMismatch === "end") await sessionStore.endSession(tx, row.id, "cancelled");
      return names;
    });
    await letDrop([...dropped, ...(given.pieces?.map(({ name }) => name) ?? [])]);
    if (key !== undefined) await unlessReferred(key);
    throw why;
  }

  /** Nothing refers to them any more: what cannot be removed now the sweeper removes later. */
  async function letDrop(names: readonly string[]): Promise<void> {
    await blob.drop(names).catch((error: unknown) => log.warn("pieces could not be removed yet", { err: error }));
  }

  /** Nobody else took over while the bytes were looked at. @throws UploadBusy */
  async function held(tx: Tx<store.Tables>, id: Id, userId: Id, fence: number): Promise<void> {
    const row = await sessionStore.lockSession(tx, id, userId);
    if (!row) throw UploadNotFound({});
    if (row.fence !== fence || (row.state !== "open" && row.state !== "released")) throw UploadBusy({});
  }

  async function letGo(id: Id, fence: number): Promise<void> {
    await db.tx((tx) => leaseStore.letGo(tx, id, fence)).catch(() => undefined);
  }

  async function piecesOf(given: Finish, row: sessionStore.SessionRow, userId: Id): Promise<readonly Piece[]> {
    if (given.pieces) return given.pieces;
    if (given.partials) return partsOf(given.partials, userId);
    const pieces = await pieceStore.pieces(db, row.id);
    const count = given.chunkCount;
    if (count === undefined) {
      const isWhole = row.sizeBytes !== null && row.receivedBytes === row.sizeBytes;
      if (!isWhole) throw MissingChunks({ missing: [] });
      return pieces;
    }
    const indexes = pieces.map(({ position }) => position);
    const missing = missingOf(indexes, count);
    if (missing.length > 0) throw MissingChunks({ missing });
    if (pieces.length > count) throw BadIndex({});
    return pieces;
  }

  /** The pieces of partial uploads that are whole, in the order they were named. */
  async function partsOf(ids: readonly Id[], userId: Id): Promise<Piece[]> {
    const all: Piece[] = [];
    for (const id of ids) {
      const part = await sessionStore.session(db, id, userId);
      if (!part?.isPartial) throw UploadNotFound({});
      if (part.sizeBytes === null || part.receivedBytes !== part.sizeBytes) throw MissingChunks({ missing: [] });
      all.push(...(await pieceStore.pieces(db, id)));
    }
    return all;
  }

  async function verified(
    { known, sizeBytes: said }: Finish,
    row: sessionStore.SessionRow,
    pieces: readonly Piece[],
    { hash, store }: { readonly hash: ContentHash | undefined; readonly store: string | undefined },
  ): Promise<StoredBlob | { readonly wrong: string | undefined }> {
    const total = sizeOf(pieces);
    const bytesMax = row.door === "form" && row.state === "open" ? row.reservedBytes : fileBytesMax;
    if (total > bytesMax) throw UploadTooLarge({ bytesMax });
    const wanted = row.door === "form" ? said : (said ?? row.sizeBytes ?? undefined);
    if (wanted !== undefined && wanted !== total) return { wrong: undefined };
    const also: OtherHash[] = hash && hash.kind !== "sha256" ? [hash.kind] : [];
    const isEnough = known && also.every((kind) => known[kind] !== undefined);
    const stored = await blob.assemble(space, pieces, { also, store, ...(isEnough && { known: digestsOf(known) }) });
    return hash && stored[hash.kind] !== hash.hex ? { wrong: stored.key } : stored;
  }

  /** What was assembled for nothing goes at once, unless it is the content of a file. */
  async function unlessReferred(key: string): Promise<void> {
    await db.tx(async (tx) => {
      await contentStore.lockKey(tx, key);
      if (!(await contentStore.referred(tx, [key])).has(key)) await blob.remove(key);
    });
  }

  return {
    make,
    finish(given, asked) {
      const userId = callerOf(asked);
      const before = running.get(given.id);
      // Somebody else's session is none, also while its owner finishes it.
      const work = before
        ? before.catch(() => undefined).then(() => finish(given, userId))
        : finish(given, userId).finally(() => running.delete(given.id));
      if (!before) running.set(given.id, work);
      return work;
    },
  };
}

const sizeOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** The first bytes of what pieces will be. */
async function headOf(blob: BlobStore, pieces: readonly Piece[]): Promise<Buffer> {
  const head: Uint8Array[] = [];
  let seen = 0;
  for await (const bytes of blob.pieceBytes(pieces)) {
    head.push(bytes);
    seen += bytes.byteLength;
    if (seen >= likenessBytes) break;
  }
  return Buffer.concat(head).subarray(0, likenessBytes);
}

/** Somebody who looks at an upload holds it for a moment, and somebody who finishes it too is soon done. */
async function patiently<R>(work: () => Promise<R>): Promise<R> {
  const until = performance.now() + busyMsMax;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof KinoraError && error.code === UploadBusy.code;
      if (!isBusy || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }
}

const hashOf = ({ hashKind: kind, hash: hex }: sessionStore.SessionRow): ContentHash | undefined =>
  kind !== null && hex !== null ? { kind, hex } : undefined;

const digestsOf = ({ sha256, md5, sha1 }: NonNullable<Finish["known"]>): OtherDigests & { sha256: string } => ({
  sha256,
  ...(md5 !== undefined && { md5 }),
  ...(sha1 !== undefined && { sha1 }),
});
