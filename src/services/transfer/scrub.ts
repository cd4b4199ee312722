import type { Id, Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";
import type { Clock } from "./worker/pace.ts";

interface Parts {
  readonly host: Pick<TransferHost, "db" | "nextId" | "now" | "settings" | "log">;
  readonly stores: BlobStores;
  readonly clock: Clock;
  readonly enqueue: (tx: Tx<store.Tables>, id: Id) => Promise<unknown>;
}

type LastScrub = store.LastScrub | undefined;

/** True if a store is due for a scrub: once per period, and never twice side by side. Pure. */
export function isDue(last: LastScrub, nowMs: number, everyMs: number): boolean {
  if (everyMs === 0) return false;
  if (!last) return true;
  if (!["done", "failed", "cancelled"].includes(last.status)) return false;
  // A time that is further ahead than a period was stored by a clock that was wrong.
  return Math.abs(nowMs - last.createdAtMs) >= everyMs;
}

/** Begins the regular scrub of each store that is due; yields how many were begun here. */
export function createScrubs({ host, stores, clock, enqueue }: Parts): () => Promise<number> {
  const { db, nextId, now, settings, log } = host;
  const { scrubEveryMs, scrubAfterStartMs, scrubBytesPerSecond: bytesPerSecond } = settings;
  const startedAtMs = clock.elapsedMs();

  async function beginIfDue(name: string): Promise<boolean> {
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
    if (scrubEveryMs === 0 || clock.elapsedMs() - startedAtMs < scrubAfterStartMs) return 0;
    let begun = 0;
    for (const name of stores.names) {
      if (!(await beginIfDue(name))) continue;
      begun += 1;
      log.info("scrub began", { store: name });
    }
    return begun;
  };
}
