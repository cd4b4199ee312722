import type { Handlers, Id, Tx } from "#kernel";
import { TransferNotFound, TransferOver, type transfer } from "./contract.ts";
import { presentTransfer } from "./presenter.ts";
import type { TransferQueue } from "./queue.ts";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";
import { transferById } from "./transfers.ts";

const isOver = ({ status }: store.Row): boolean => ["done", "failed", "cancelled"].includes(status);

/** Pausing, resuming and cancelling transfers. */
export function createLifecycle(
  { db, now }: Pick<TransferHost, "db" | "now">,
  queue: TransferQueue,
): Pick<Handlers<typeof transfer>, "pause" | "resume" | "cancel"> {
  /** @throws TransferNotFound */
  async function lock(tx: Tx<store.Tables>, id: Id): Promise<store.Row> {
    const row = await store.lock(tx, id);
    if (!row) throw TransferNotFound({});
    return row;
  }

  return {
    async pause({ id }) {
      await db.tx(async (tx) => {
        if (isOver(await lock(tx, id))) throw TransferOver({});
        await store.setStatus(tx, id, "paused");
      });
      await queue.cancel(id);
      return presentTransfer(await transferById(db, id));
    },

    async resume({ id }) {
      const { status, scrubNo } = await transferById(db, id);
      if (status !== "queued" && status !== "running") {
        await queue.cancel(id);
        await db.tx(async (tx) => {
          // The job before its transfer, in the order in which a worker locks them: otherwise the two could deadlock.
          await queue.add(tx, id, scrubNo === null ? "transfer" : "scrub");
          const row = await lock(tx, id);
          // Another request resumed it meanwhile, and its job may be the one that was cancelled above.
          if (row.status === "queued" || row.status === "running") return;
          const hasFailures = row.status === "done" && row.objectsFailed > 0;
          if (row.status !== "paused" && row.status !== "failed" && !hasFailures) throw TransferOver({});
          await store.retryFailed(tx, id);
          await store.setStatus(tx, id, "queued");
        });
      }
      return presentTransfer(await transferById(db, id));
    },

    async cancel({ id }) {
      await db.tx(async (tx) => {
        // The objects before their transfer, as a worker locks them. A transfer that is over has none that are open.
        await store.deleteOpenObjects(tx, id);
        const row = await lock(tx, id);
        if (row.status === "cancelled") return;
        if (isOver(row)) throw TransferOver({});
        await store.setStatus(tx, id, "cancelled", { endedAtMs: now() });
      });
      await queue.cancel(id);
      return presentTransfer(await transferById(db, id));
    },
  };
}
