import type { BlobStore, Db } from "#kernel";
import { removeOrphans } from "#kernel/blob/orphans";
import * as store from "./store.ts";

interface SweepParts {
  readonly db: Db<store.Tables>;
  readonly blob: BlobStore;
  readonly writtenBeforeMs: number;
  readonly signal: AbortSignal;
}

/** Removes objects no media object refers to: of attempts that were given up, and replaced ones; yields how many. */
export const sweepObjects = ({ db, ...parts }: SweepParts): Promise<number> =>
  removeOrphans({
    ...parts,
    space: "media",
    referred: (keys) => store.referred(db, keys),
    unlessReferred: (key, remove) =>
      db.tx(async (tx) => {
        await store.lockKey(tx, key);
        if (!(await store.referred(tx, [key])).has(key)) await remove();
      }),
  });
