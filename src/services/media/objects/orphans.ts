import type { BlobStore, Db } from "#kernel";
import { removeOrphans } from "#kernel/blob/orphans";
import * as objectStore from "./object-store.ts";
import * as store from "../store.ts";

interface SweepParts {
  readonly db: Db<store.Tables>;
  readonly blob: BlobStore;
  readonly writtenBeforeMs: number;
  readonly signal: AbortSignal;
}

/** Removes objects without a reference, such as results of abandoned attempts and replaced ones; yields how many. */
export const sweepObjects = ({ db, ...parts }: SweepParts): Promise<number> =>
  removeOrphans({
    ...parts,
    space: "media",
    findReferred: (keys) => objectStore.findReferenced(db, keys),
    unlessReferred: (key, remove) =>
      db.tx(async (tx) => {
        await objectStore.lockKey(tx, key);
        if (!(await objectStore.findReferenced(tx, [key])).has(key)) await remove();
      }),
  });
