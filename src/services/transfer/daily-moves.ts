import { type Handlers, on, type Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores";
import { fileUploaded, upload } from "#services/upload/contract";
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

/** Moves of single objects that services ask for, or that follow an upload: those of a day are one transfer. */
export function dailyMoves({ db, blob, settings, nextId, now, client }: TransferHost, { stores, queue }: Parts) {
  async function add(
    tx: Tx<store.Tables>,
    object: { readonly key: string; readonly sizeBytes: number },
    from: string | null,
    to: string,
  ): Promise<void> {
    const day = Math.floor(now() / dayMs);
    const { id, status } = await store.ofDay(tx, { id: nextId(), from, to, day, nowMs: now() });
    // The job before its transfer, in the order in which a worker locks them: otherwise the two could deadlock.
    if (status !== "paused") await queue.add(tx, id);
    await store.reopen(tx, id);
    await store.retryFailed(tx, id, object.key);
    await store.plan(tx, id, [object]);
  }

  const handlers: Pick<Handlers<typeof transfer>, "request"> = {
    async request({ hash, from, to }, call) {
      if (from === to) throw TwoStores({});
      for (const name of [from, to]) if (name !== undefined) assertStore(stores, name);
      const { key } = await client(upload).content({ hash }, call);
      if (key === null) return { isKnown: false };
      const object = await blob.open(key);
      await object?.close();
      if (!object) return { isKnown: false };
      await db.tx((tx) => add(tx, { key, sizeBytes: object.sizeBytes }, from ?? null, to));
      return { isKnown: true };
    },
  };

  return {
    handlers,
    subscriptions: [
      on(fileUploaded, async (tx: Tx<store.Tables>, { location, sizeBytes }) => {
        if (settings.after !== undefined) await add(tx, { key: location, sizeBytes }, null, settings.after);
      }),
    ],
  };
}
