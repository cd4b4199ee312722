import type { Tx } from "#kernel";
import { QuotaExceeded, UploadCompleted, UploadEnded, UploadNotFound, UploadTooLarge } from "../contract.ts";
import type { Settings } from "../settings.ts";
import type * as store from "../store.ts";
import { bytesLeft, type Space as UserSpace } from "./quota.ts";
import * as sessionStore from "./session-store.ts";

export type Space = UserSpace | undefined;
export type Sized = Pick<sessionStore.SessionRow, "id" | "reservedBytes">;

/** @throws UploadNotFound, UploadCompleted, UploadGone where bytes can no longer be added. */
export function assertOpen(row: { readonly state: sessionStore.SessionRow["state"] } | undefined): asserts row {
  if (!row) throw UploadNotFound({});
  if (row.state === "completed") throw UploadCompleted({});
  if (row.state !== "open") throw UploadEnded({});
}

/** Reserves more of the user's space, which is locked. @throws UploadTooLarge, QuotaExceeded */
export async function growReservation(
  settings: Settings,
  tx: Tx<store.Tables>,
  space: Space,
  { id, reservedBytes }: Sized,
  total: number,
): Promise<void> {
  if (total > settings.fileBytesMax) throw UploadTooLarge({ bytesMax: settings.fileBytesMax });
  if (total <= reservedBytes) return;
  const freeBytes = space ? bytesLeft(space, settings) : 0;
  if (total - reservedBytes > freeBytes) throw QuotaExceeded({ bytesLeft: freeBytes });
  await sessionStore.setAmounts(tx, id, { reserved_bytes: total });
}

/** The session with its latest size, and the space for it. */
export async function resize(
  settings: Settings,
  tx: Tx<store.Tables>,
  space: Space,
  row: sessionStore.SessionRow,
  sizeBytes = row.sizeBytes,
) {
  if (sizeBytes === null || sizeBytes === row.sizeBytes) return row;
  await growReservation(settings, tx, space, row, sizeBytes);
  const reservedBytes = Math.max(sizeBytes, row.receivedBytes);
  await sessionStore.setAmounts(tx, row.id, { size_bytes: sizeBytes, reserved_bytes: reservedBytes });
  return { ...row, sizeBytes, reservedBytes };
}
