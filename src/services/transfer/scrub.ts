import type { Id, Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores";
import type { Clock } from "./pace.ts";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";

interface Parts {
  readonly host: Pick<TransferHost, "db" | "nextId" | "now" | "settings" | "log">;
  readonly stores: BlobStores;
  readonly clock: Clock;
  readonly enqueue: (tx: Tx<store.Tables>, id: Id) => Promise<unknown>;
}

type Last = Awaited<ReturnType<typeof store.lastScrub>>;

/** Whether a store is to be read through again, given the last time: once per period, and one at a time. Pure. */
export function isDue(last: Last, nowMs: number, everyMs: number): boolean {
  if (everyMs === 0) return false;
  if (!last) return true;
  if (!["done", "failed", "cancelled"].includes(last.status)) return false;
  // A time that is further ahead than a period was noted by a clock that was wrong.
  return Math.abs(nowMs - last.createdAtMs) >= everyMs;
}

/** Begins the regular reading of each store whose time has come; yields how many were begun here. */
export function scrubbing({ host, stores, clock, enqueue }: Parts): () => Promise<number> {
  const { db, nextId, now, settings, log } = host;
  const { scrubEveryMs, scrubAfterStartMs, scrubBytesPerSecond: bytesPerSecond } = settings;
  const startedAtMs = clock.elapsed();

  async function begin(name: string): Promise<boolean> {
    return db.tx(async (tx) => {
      const last = await store.lastScrub(tx, name);
      if (!isDue(last, now(), scrubEveryMs)) return false;
      const id = nextId();
      const no = (last?.no ?? 0) + 1;
      if (!(await store.insertScrub(tx, { id, store: name, no, bytesPerSecond, nowMs: now() }))) return false;
      await enqueue(tx, id);
      return true;
    });
  }

  return async () => {
    if (scrubEveryMs === 0 || clock.elapsed() - startedAtMs < scrubAfterStartMs) return 0;
    let begun = 0;
    for (const name of stores.names) {
      if (!(await begin(name))) continue;
      begun += 1;
      log.info("a store is read through", { store: name });
    }
    return begun;
  };
}
