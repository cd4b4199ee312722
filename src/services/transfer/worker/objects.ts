import { fileTransferred, objectDamaged } from "#events/transfer";
import type { Id, Job, Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import { type Owners, partsOf } from "../owners.ts";
import type { TransferHost } from "../settings.ts";
import * as store from "../store.ts";
import { createDamageReport } from "./damage-report.ts";
import { ObjectOperations, type Outcome, type Throttle } from "./operations.ts";

interface Parts {
  readonly host: TransferHost;
  readonly stores: BlobStores;
  readonly owners: Owners;
}

/** One object of a transfer, and the job that works on it. */
export interface ObjectTask {
  readonly transfer: store.Row;
  readonly object: store.ObjectRow;
  readonly job: Job<{ readonly id: Id }>;
  readonly throttle: Throttle;
}

/** Processes one object of a transfer and stores the outcome. */
export function createObjectWork({ host, stores, owners }: Parts): (task: ObjectTask) => Promise<void> {
  const { db, emit, settings, environment } = host;
  const report = createDamageReport(host);
  const operations = new ObjectOperations({
    stores,
    owners,
    failpoints: environment.failpoints,
    withLock: (key, work) =>
      db.tx(async (tx) => {
        await store.lockKey(tx, key);
        await work();
      }),
  });

  function perform({ transfer: { kind, from, to }, object: { key }, throttle }: ObjectTask): Promise<Outcome> {
    switch (kind) {
      case "verify":
        return operations.check(key, from ?? "", throttle);
      case "repair":
        return operations.repair(key, from ?? "", throttle);
      default:
        return operations.copy(key, from, to ?? "", throttle);
    }
  }

  const publish = (tx: Tx<store.Tables>, { id, to }: store.Row, key: string, from: string, isCopy: boolean) =>
    emit(tx, fileTransferred, id, { ...partsOf(key), from, to: to ?? "", isCopy });

  /** Removes the old places of an object once its readers have had their grace. */
  async function release({ transfer, object: { key, sizeBytes, writtenAtMs }, job }: ObjectTask): Promise<void> {
    const { id, from, to } = transfer;
    if (!(await owners.keep(key, writtenAtMs ?? 0)))
      return job.step<store.Tables>((tx) => store.settle(tx, id, key, "skipped"));
    // In the transaction, though stores are asked in it: of two transfers of one object one at a time removes a copy.
    return job.step<store.Tables>(async (tx) => {
      await store.lockKey(tx, key);
      const freedStores = await operations.release(key, from, to ?? "", sizeBytes);
      if (!freedStores) return store.markFailed(tx, id, key, { reason: "gave_up", againMs: 0 });
      await store.settle(tx, id, key, "done");
      for (const name of freedStores) await publish(tx, transfer, key, name, false);
    });
  }

  return async (task) => {
    const { transfer, object, job } = task;
    if (object.state === "copied") return release(task);
    const outcome = await perform(task);
    const { id, kind, from } = transfer;
    const { key } = object;
    if (kind === "verify" || kind === "repair") report(transfer, key, outcome);
    await job.step<store.Tables>(async (tx) => {
      if (outcome.is === "bad") {
        await store.markFailed(tx, id, key, { reason: outcome.reason, againMs: undefined });
        return emit(tx, objectDamaged, id, partsOf(key));
      }
      if (outcome.is === "copied" && kind === "move")
        return store.markCopied(tx, id, key, outcome.writtenAtMs, settings.graceMs);
      await store.settle(tx, id, key, outcome.is === "copied" ? "done" : outcome.is);
      if (outcome.is === "copied") await publish(tx, transfer, key, from ?? "", true);
    });
  };
}
