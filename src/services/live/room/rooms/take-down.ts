import { contentRemoved, contentRestored, userBanned, userMuted } from "#events/moderation";
import { type Id, job, on, type Tx } from "#kernel";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { RoomEvents } from "./room-events.ts";
import * as store from "./room-store.ts";

interface Parts {
  readonly events: RoomEvents;
  /** Ends a room, or the stream of a guest, in whichever process it is. */
  readonly end: (id: Id) => Promise<unknown>;
}

/**
 * Ends streams after decisions of moderators: a removed room is hidden at once and ends, and an account that may not
 * post is live nowhere. A restored room can be found again but stays ended.
 */
export function createRoomTakeDown({ jobs, now }: Pick<LiveHost, "jobs" | "now">, { events, end }: Parts) {
  // Streams end after the commit, so by a job.
  const endLater = (tx: Tx<Tables>, id: Id) =>
    jobs.add(tx, "end-stream", { payload: { liveId: id }, uniqueKey: String(id) });

  async function setRemoved(tx: Tx<Tables>, id: Id, isRemoved: boolean): Promise<store.Row | undefined> {
    const before = await store.lockById(tx, id);
    if (!before || before.isRemoved === isRemoved) return undefined;
    const row = await store.update(tx, id, { is_removed: isRemoved });
    if (row) await events.updated(tx, row);
    return row;
  }

  async function endAllOf(tx: Tx<Tables>, { userId, untilMs }: { userId: Id; untilMs: number | null }): Promise<void> {
    if (untilMs !== null && untilMs <= now()) return;
    for (const id of await store.onAirOf(tx, userId)) await endLater(tx, id);
  }

  return {
    job: job<{ liveId: Id }>({
      kind: "end-stream",
      concurrency: 2,
      attemptsMax: 8,
      leaseMs: 30_000,
      run: async ({ payload: { liveId } }) => void (await end(liveId)),
    }),
    subscriptions: [
      on(contentRemoved, async (tx: Tx<Tables>, { kind, id }) => {
        const row = kind === "live" ? await setRemoved(tx, id, true) : undefined;
        if (row && row.status !== "ended") await endLater(tx, id);
      }),
      on(contentRestored, async (tx: Tx<Tables>, { kind, id }) => {
        if (kind === "live") await setRemoved(tx, id, false);
      }),
      on(userMuted, endAllOf),
      on(userBanned, endAllOf),
    ],
  };
}
