import { type Share, SharedEntry } from "../contract.ts";
import { presentEntry } from "../tree/presenter.ts";
import type { Row } from "../store.ts";
import type { ShareRow } from "./share-store.ts";

/** A share as its owner sees it. Pure. */
export const presentShare = (row: ShareRow): Share => {
  const { id, entryId, entryName, entryKind, passwordHash, expiresAtMs, downloadsMax, downloads, visits, createdAtMs } =
    row;
  const isProtected = passwordHash !== null;
  return { id, entryId, entryName, entryKind, isProtected, expiresAtMs, downloadsMax, downloads, visits, createdAtMs };
};

/** An entry as visitors of a share see it. Pure. */
export const presentSharedEntry = (row: Row) => SharedEntry.parse(presentEntry(row));
