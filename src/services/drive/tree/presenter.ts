import type { Entry } from "../contract.ts";
import * as store from "../store.ts";

/** An entry as its owner sees it. Pure. */
export const presentEntry = (row: store.Row): Entry => {
  const { id, parentId, name, kind, mime, sizeBytes, isShared, createdAtMs, changedAtMs, trashedAtMs } = row;
  const folderId = parentId === store.rootId ? null : parentId;
  return { id, folderId, name, kind, mime, sizeBytes, isShared, createdAtMs, changedAtMs, trashedAtMs };
};
