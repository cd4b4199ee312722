import type { Id, Job } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { Owners } from "../owners.ts";
import type { TransferHost } from "../settings.ts";
import * as store from "../store.ts";
import { assertStoresReady, isOfStore } from "./availability.ts";
import { type ObjectTask, createObjectWork } from "./objects.ts";
import type { Progress } from "./progress.ts";

const batch = 500;
const lanesMax = 4;
const attemptsMax = 6;

interface Parts {
  readonly host: TransferHost;
  readonly stores: BlobStores;
  readonly owners: Owners;
}

/** Works on objects of a transfer that are due, several side by side; yields whether there were any. */
export function createObjectLanes(
  parts: Parts,
): (transfer: store.Row, job: Job<{ readonly id: Id }>, progress: Progress) => Promise<boolean> {
  const { host, stores } = parts;
  const { db, settings, log } = host;
  const work = createObjectWork(parts);

  /** A failure of one object is stored with it and does not stop the others. */
  async function attempt(task: ObjectTask): Promise<void> {
    const { transfer, object, job } = task;
    try {
      await work(task);
    } catch (error) {
      if (job.signal.aborted) throw error;
      if (isOfStore(error)) await assertStoresReady(stores, transfer);
      else if (isStale(error)) throw error;
      const { id: transferId } = transfer;
      const { key, attempts } = object;
      log.warn("an object could not be transferred", { transferId, key, attempt: attempts + 1, err: error });
      const againMs = attempts + 1 < attemptsMax ? settings.againMs * 4 ** attempts : undefined;
      await job.step<store.Tables>((tx) => store.markFailed(tx, transferId, key, { reason: "gave_up", againMs }));
    }
  }

  return async (transfer, job, progress) => {
    const due = await store.due(db, transfer.id, batch);
    const queue = [...due];
    const lane = async () => {
      try {
        for (let object = queue.shift(); object; object = queue.shift()) {
          job.signal.throwIfAborted();
          const throttle = progress.ofObject();
          await attempt({ transfer, object, job, throttle }).finally(() => throttle.end());
        }
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    };
    const results = await Promise.allSettled(Array.from({ length: lanesMax }, lane));
    for (const result of results) if (result.status === "rejected") throw result.reason;
    return due.length > 0;
  };
}

const isStale = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "kernel.stale_lease";
