import { fileUploaded } from "#events/upload";
import { type Handlers, on, type Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import { upload } from "#services/upload/contract";
import { type transfer, TwoStores } from "./contract.ts";
import type { TransferQueue } from "./queue.ts";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";
import { assertStore } from "./transfers.ts";

const dayMs = 24 * 3_600_000;

interface Parts {
  readonly stores: BlobStores;
  readonly queue: TransferQueue;
}

/**
 * Moves of single objects that services ask for, or that follow an upload, and repairs of objects that readers found
 * damaged: those of a day are one transfer.
 */
export function createDailyTransfers(
  { db, blob, settings, nextId, now, client }: TransferHost,
  { stores, queue }: Parts,
) {
  async function add(
    tx: Tx<store.Tables>,
    object: { readonly key: string; readonly sizeBytes: number },
    transfer: Pick<store.DayTransfer, "kind" | "from" | "to">,
  ): Promise<void> {
    const day = Math.floor(now() / dayMs);
    const { id, status } = await store.ofDay(tx, { id: nextId(), ...transfer, day, nowMs: now() });
    // The job before its transfer, in the order in which a worker locks them: otherwise the two could deadlock.
    if (status !== "paused") await queue.add(tx, id);
    await store.reopen(tx, id);
    await store.retryFailed(tx, id, object.key);
    await store.plan(tx, id, [object]);
  }

  const handlers: Pick<Handlers<typeof transfer>, "request" | "reportDamage"> = {
    async request({ hash, from, to }, call) {
      if (from === to) throw TwoStores({});
      for (const name of [from, to]) if (name !== undefined) assertStore(stores, name);
      const { key } = await client(upload).content({ hash }, call);
      if (key === null) return { isKnown: false };
      const object = await blob.open(key);
      await object?.close();
      if (!object) return { isKnown: false };
      const { sizeBytes } = object;
      await db.tx((tx) => add(tx, { key, sizeBytes }, { kind: "move", from: from ?? null, to }));
      return { isKnown: true };
    },

    async reportDamage({ items }) {
      const reportedItems = items.filter(({ store: name }) => stores.names.includes(name));
      const damagedObjects = await Promise.all(
        reportedItems.map(async ({ object: key, store: from }) => {
          const sizeBytes = (await stores.has(from, key))?.sizeBytes ?? 0;
          return { key, sizeBytes, from };
        }),
      );
      // One order for all who report at the same time.
      for (const { from, ...object } of damagedObjects.toSorted((a, b) => (a.from + a.key < b.from + b.key ? -1 : 1)))
        await db.tx((tx) => add(tx, object, { kind: "repair", from, to: null }));
      return {};
    },
  };

  return {
    handlers,
    subscriptions: [
      on(fileUploaded, async (tx: Tx<store.Tables>, { location, sizeBytes }) => {
        if (settings.after === undefined) return;
        await add(tx, { key: location, sizeBytes }, { kind: "move", from: null, to: settings.after });
      }),
    ],
  };
}
