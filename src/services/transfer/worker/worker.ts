import type { Id, Job, Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { Owners } from "../owners.ts";
import type { TransferHost } from "../settings.ts";
import * as store from "../store.ts";
import { assertStoresReady, isOfStore, StoreUnavailable } from "./availability.ts";
import { createObjectLanes } from "./lanes.ts";
import { type Clock, Pace } from "./pace.ts";
import { planObjects } from "./plan.ts";
import { Progress } from "./progress.ts";

/** A transfer that waits looks this often whether objects were added to it. */
const lookMs = 30_000;

/** An object was added while the last one was finished. */
class ObjectAdded extends Error {}

interface Parts {
  readonly host: TransferHost;
  readonly stores: BlobStores;
  readonly owners: Owners;
  readonly clock: Clock;
}
type TransferJob = Job<{ readonly id: Id }>;

/** Runs a transfer: plans it, then works on its objects until none is left or it is paused or cancelled. */
export function createTransferWorker({ host, stores, owners, clock }: Parts): (job: TransferJob) => Promise<void> {
  const { db, now, settings } = host;
  const sharedPace = new Pace(settings.bytesPerSecond, clock);
  const workOnDue = createObjectLanes({ host, stores, owners });

  function progressOf({ id, bytesPerSecond }: store.Row, job: TransferJob): Progress {
    const paces = [sharedPace, new Pace(bytesPerSecond ?? undefined, clock)];
    return new Progress({ clock, paces, signal: job.signal, save: (bytes) => saveProgress(id, job, bytes) });
  }

  async function plan(transfer: store.Row, job: TransferJob): Promise<void> {
    try {
      await planObjects({ db, stores, owners, now }, transfer, job);
    } catch (error) {
      if (isOfStore(error)) await assertStoresReady(stores, transfer);
      throw error;
    }
  }

  /** Ends the transfer unless an object is left by now; yields whether it did. */
  async function end(job: TransferJob, id: Id): Promise<boolean> {
    try {
      await job.finish<store.Tables>(async (tx) => {
        const transfer = await store.lock(tx, id);
        if ((await store.nextDueMs(tx, id)) !== undefined) throw new ObjectAdded();
        if (transfer?.status === "running" || transfer?.status === "queued")
          await store.setStatus(tx, id, "done", { endedAtMs: now() });
      });
      return true;
    } catch (error) {
      if (error instanceof ObjectAdded) return false;
      throw error;
    }
  }

  async function workOff(transfer: store.Row, job: TransferJob): Promise<void> {
    const { id } = transfer;
    const progress = progressOf(transfer, job);
    if (!transfer.isPlanned) await plan(transfer, job);
    for (;;) {
      while (await workOnDue(transfer, job, progress)) await saveProgress(id, job, 0);
      const waitMs = await store.nextDueMs(db, id);
      if (waitMs !== undefined && waitMs > 0) return job.putOff(Math.min(waitMs, lookMs), "it waits for its objects");
      if (waitMs === undefined && (await end(job, id))) return;
    }
  }

  return async (job) => {
    const { id } = job.payload;
    await job.step<store.Tables>((tx) => store.begin(tx, id, now(), settings.scrubBytesPerSecond));
    const transfer = await store.transfer(db, id);
    // Paused or cancelled after it was put into the queue.
    if (transfer?.status !== "running") return;
    const unknown = [transfer.from, transfer.to].find((name) => name !== null && !stores.names.includes(name));
    if (unknown) return job.finish<store.Tables>((tx) => failWithoutStore(tx, id, unknown));
    try {
      await workOff(transfer, job);
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || job.signal.aborted) throw error;
      await job.step<store.Tables>((tx) => store.explain(tx, id, error.message));
      await job.putOff(settings.awayMs, error.message);
    }
  };

  async function failWithoutStore(tx: Tx<store.Tables>, id: Id, name: string): Promise<void> {
    await store.setStatus(tx, id, "failed", { reason: `there is no store ${name} any more`, endedAtMs: now() });
  }
}

/** @throws StaleLease when another worker runs the transfer by now, whose progress is its own. */
const saveProgress = (id: Id, job: TransferJob, bytesUnderWay: number): Promise<void> =>
  job.step<store.Tables>((tx) => store.setBytesUnderWay(tx, id, bytesUnderWay));
