import type { Id, KinoraError, Tx } from "#kernel";
import { fileNameOf } from "#policy/file-name";
import { QuotaExceeded, UploadBusy, UploadCompleted, UploadEnded, UploadNotFound } from "../contract.ts";
import * as contentStore from "./content-store.ts";
import * as leaseStore from "../sessions/lease-store.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import { bytesLeft } from "../sessions/quota.ts";
import * as sessionStore from "../sessions/session-store.ts";
import type { UploadHost } from "../settings.ts";
import * as store from "../store.ts";
import type { MakeFile, NewFile } from "./new-file.ts";
import type { Finish } from "./pieces.ts";

/** A session whose lease this request holds. */
export interface LeasedSession {
  readonly row: sessionStore.SessionRow;
  readonly fence: number;
  readonly userId: Id;
}

/** Leases the session for its completion, or yields the file it was completed to. */
export async function leaseForCompletion(
  { db, settings: { leaseMs } }: UploadHost,
  { id, pieces }: Finish,
  userId: Id,
  writer: string,
) {
  return db.tx(async (tx) => {
    const row = await sessionStore.lockSession(tx, id, userId);
    if (!row) throw UploadNotFound({});
    if (row.state === "completed") {
      // A form that is sent again gets its first answer, also where the file has been deleted since.
      const includesDeleted = pieces !== undefined;
      const file = row.fileId === null ? undefined : await store.file(tx, row.fileId, includesDeleted);
      if (!file) throw row.fileId === null ? UploadCompleted({}) : UploadNotFound({});
      return { file };
    }
    // A form that has expired or was released may still complete.
    if (row.state !== "open" && row.state !== "released") throw UploadEnded({});
    if (row.isLeased) throw UploadBusy({});
    return { row, fence: await leaseStore.lease(tx, id, writer, leaseMs) };
  });
}

/** Makes the file and ends the session in one transaction; yields the pieces to drop. */
export async function settle(
  { db, settings }: UploadHost,
  make: MakeFile,
  finish: Finish,
  { row, fence, userId }: LeasedSession,
  of: Omit<NewFile, "userId" | "name">,
) {
  return db.tx(async (tx) => {
    const space = await store.lockSpace(tx, userId);
    if (!space) throw UploadNotFound({});
    await mustHoldLease(tx, row.id, userId, fence);
    const freeBytes = bytesLeft(space, settings) + (row.state === "open" ? row.reservedBytes : 0);
    if (of.stored.sizeBytes > freeBytes) throw QuotaExceeded({ bytesLeft: freeBytes });
    const name = finish.name === undefined ? row.name : fileNameOf(finish.name);
    const file = await make(tx, { userId, name, ...of });
    const dropped = await pieceStore.dropPieces(tx, row.id);
    await sessionStore.endSession(tx, row.id, "completed", file.id);
    return { file, dropped };
  });
}

/** Refuses content that cannot become valid: drops its pieces, and ends the session where it cannot be sent again. */
export async function refuse(
  host: UploadHost,
  finish: Finish,
  { row, fence, userId }: LeasedSession,
  { error, key }: { readonly error: KinoraError; readonly key?: string | undefined },
): Promise<never> {
  const dropped = await host.db.tx(async (tx) => {
    await mustHoldLease(tx, row.id, userId, fence);
    const names = await pieceStore.dropPieces(tx, row.id);
    if (finish.onMismatch === "end") await sessionStore.endSession(tx, row.id, "cancelled");
    return names;
  });
  await dropPieces(host, [...dropped, ...(finish.pieces?.map(({ name }) => name) ?? [])]);
  if (key !== undefined) await removeUnlessReferred(host, key);
  throw error;
}

/** Removes pieces without a reference; the sweeper removes later what cannot be removed now. */
export async function dropPieces(
  { blob, log }: Pick<UploadHost, "blob" | "log">,
  names: readonly string[],
): Promise<void> {
  await blob.drop(names).catch((error: unknown) => log.warn("pieces could not be removed yet", { err: error }));
}

/** @throws UploadBusy where another request took over the lease meanwhile */
async function mustHoldLease(tx: Tx<store.Tables>, id: Id, userId: Id, fence: number): Promise<void> {
  const row = await sessionStore.lockSession(tx, id, userId);
  if (!row) throw UploadNotFound({});
  if (row.fence !== fence || (row.state !== "open" && row.state !== "released")) throw UploadBusy({});
}

/** Removes assembled content, unless it is also the content of a file. */
async function removeUnlessReferred({ db, blob }: UploadHost, key: string): Promise<void> {
  await db.tx(async (tx) => {
    await contentStore.lockKey(tx, key);
    if (!(await contentStore.findReferenced(tx, [key])).has(key)) await blob.remove(key);
  });
}
