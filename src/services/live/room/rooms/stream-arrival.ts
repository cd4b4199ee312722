import type { Tx } from "#kernel";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { RoomEvents } from "./room-events.ts";
import * as store from "./room-store.ts";

interface Parts {
  readonly events: RoomEvents;
  readonly changed: (row: store.Row) => void;
}

export interface StreamArrival {
  /** Marks a live room as paused or live again, as its publisher goes and comes; the first time it is announced. */
  setPaused(id: number, isPaused: boolean): Promise<void>;
  /** A started room to which no stream came waits again, and its owner may start it again. */
  withdraw(id: number): Promise<void>;
}

/** The course of a started room as its stream comes, goes, or stays away. */
export function createStreamArrival({ db, now }: LiveHost, { events, changed }: Parts): StreamArrival {
  async function setPausedIn(tx: Tx<Tables>, id: number, isPaused: boolean): Promise<store.Row | undefined> {
    const before = await store.lockById(tx, id);
    if (before?.status === "live" && !isPaused && !before.isAnnounced) {
      const announced = await store.update(tx, id, { is_announced: true });
      if (announced) await events.started(tx, announced, announced.startedAtMs ?? now());
      return announced;
    }
    if (before?.status !== (isPaused ? "live" : "paused")) return;
    const after = await store.update(tx, id, { status: isPaused ? "paused" : "live" });
    if (after) await events.updated(tx, after);
    return after;
  }

  return {
    async setPaused(id, isPaused) {
      const row = await db.tx((tx) => setPausedIn(tx, id, isPaused));
      if (row) changed(row);
    },

    async withdraw(id) {
      const row = await db.tx(async (tx) => {
        const before = await store.lockById(tx, id);
        if (before?.status !== "live" || before.isAnnounced) return;
        const after = await store.update(tx, id, { status: "waiting", started_at_ms: null, online_count: 0 });
        if (after) await events.updated(tx, after);
        return after;
      });
      if (row) changed(row);
    },
  };
}
