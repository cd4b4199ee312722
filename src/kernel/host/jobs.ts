import assert from "node:assert/strict";
import type { Tx } from "../db/transaction.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Id } from "../fields.ts";
import type { JobKind, Jobs } from "../jobs/port.ts";
import { createQueue } from "../jobs/queue.ts";
import * as jobStore from "../jobs/store.ts";
import { currentTrace } from "../trace.ts";

interface JobSource {
  readonly nextId: () => Id;
  readonly now: () => number;
  /** The kinds that the service declares. */
  readonly kinds: () => readonly JobKind[];
}

/** The jobs of one service, in its own tables. */
export const createJobs = (db: Db<KernelTables>, { nextId, now, kinds }: JobSource): Jobs => ({
  add: (tx, kind, job) => {
    const declared = kinds().find((declaredJob) => declaredJob.kind === kind);
    assert.ok(declared, `no job of kind ${kind} is declared`);
    const row = { id: nextId(), kind, traceId: currentTrace(), attemptsMax: declared.attemptsMax, nowMs: now() };
    const priority = job.priority ?? declared.priority ?? 0;
    return jobStore.insert(kernelTx(tx), row, { ...job, priority });
  },
  cancel: (id) => jobStore.cancel(db, id),
  cancelAll: (tx, kinds, key) => jobStore.cancelAll(kernelTx(tx), kinds, key),
  count: (kind) => jobStore.count(db, kind),
  find: (kind, key) => jobStore.latest(db, kind, key),
  queueFor: (owner, kinds) => createQueue({ db, kinds, owner }),
});

/** Every database has the kernel's tables, whatever a service knows of it. */
const kernelTx = <T>(tx: Tx<T>) => tx as unknown as Tx<KernelTables>;
