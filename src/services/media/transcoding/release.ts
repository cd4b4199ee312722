import { type Host, type Id, job, type Tx, type JobKind } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import * as objectStore from "../objects/object-store.ts";
import * as store from "../store.ts";
import * as levelStore from "./level-store.ts";
import * as outputStore from "./output-store.ts";

interface Released {
  readonly mediaId: Id;
  readonly keys: readonly string[];
  /** The rendition they were, where it was dropped. */
  readonly profile?: string;
}
const kind = "release";

/** Releases replaced objects after the grace time, when no player asks for them any more. */
export interface Release {
  readonly later: (tx: Tx<store.Tables>, released: Released) => Promise<number>;
  readonly job: JobKind;
}

export function createRelease(
  { blob, jobs, now }: Pick<Host<store.Tables>, "blob" | "jobs" | "now">,
  graceMs: number,
): Release {
  return {
    later: (tx: Tx<store.Tables>, released: Released) => jobs.add(tx, kind, { payload: released, delayMs: graceMs }),

    job: job<Released>({
      kind,
      concurrency: 1,
      attemptsMax: 8,
      leaseMs: 30_000,
      run: (running) =>
        running.finish<store.Tables>(async (tx) => {
          const { mediaId, keys, profile } = running.payload;
          // The objects of a hidden media object go with it.
          if (!(await store.lock(tx, mediaId))) return;
          if (profile !== undefined) await outputStore.forgetDropped(tx, mediaId, profile);
          for (const key of await levelStore.findUnused(tx, mediaId, keys)) {
            await objectStore.lockKey(tx, key);
            await objectStore.unrefer(tx, mediaId, key);
            if (!(await objectStore.findReferenced(tx, [key])).has(key)) await removeOld(blob, key, now() - graceMs);
          }
        }),
    }),
  };
}
