import type { BlobStore, Db } from "#kernel";
import { removeOrphans } from "#kernel/blob/orphans";
import * as store from "./store.ts";

interface SweepParts {
  readonly db: Db<store.Tables>;
  readonly blob: BlobStore;
  readonly writtenBeforeMs: number;
  readonly signal: AbortSignal;
}

/** Removes stored bytes that never became a file, such as those of a process that died in between; yields how many. */
export const sweepUploads = ({ db, ...parts }: SweepParts): Promise<number> =>
  removeOrphans({
    ...parts,
    space: "upload",
    referred: (keys) => store.referred(db, keys),
    unlessReferred: (key, remove) =>
      db.tx(async (tx) => {
        await store.lockKey(tx, key);
        if (!(await store.referred(tx, [key])).has(key)) await remove();
      }),
  });
