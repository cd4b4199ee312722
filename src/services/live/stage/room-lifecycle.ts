import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Tx, type Handlers } from "#kernel";
import { LiveEnded, LiveNotFound, type live } from "../contract.ts";
import { removeAllFrom } from "./guests/guest-store.ts";
import { isAttended } from "./ingest/ingest-store.ts";
import type { LiveHost } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { RoomPolicy } from "../room/rooms/posting-policy.ts";
import type { RoomEvents } from "../room/rooms/room-events.ts";
import * as store from "../room/rooms/room-store.ts";
import type { Rooms } from "../room/rooms/rooms.ts";

interface Parts extends Pick<Rooms, "requireOwnRoom" | "present"> {
  readonly policy: RoomPolicy;
  readonly events: RoomEvents;
  readonly changed: (row: store.Row) => void;
  /** Its recordings become videos. */
  readonly publishLater: (tx: Tx<Tables>, id: number) => Promise<unknown>;
}

export interface RoomEnds {
  /** Ends a room whatever the reason, unless it has ended. */
  end(id: number): Promise<store.Row | undefined>;
  /** Ends a room whose publisher stays away. One that had no stream since its start waits: its owner tried an encoder. */
  abandon(id: number): Promise<unknown>;
}

/**
 * Starts and ends live rooms; nothing else ends one. Its callers are the owner (`end` below), `Attendance` for a publisher
 * that stays away and for the longest duration, `room/rooms/take-down.ts` for moderators, and `room/rooms/removal.ts` for a
 * deleted room.
 */
export interface RoomLifecycle {
  readonly end: RoomEnds["end"];
  readonly abandon: (id: number) => Promise<store.Row | undefined>;
  /** Ends a room in a transaction that holds its row; one that has ended stays as it is. */
  readonly endIn: (tx: Tx<Tables>, row: store.Row) => Promise<store.Row>;
  readonly handlers: Pick<Handlers<typeof live>, "start" | "end">;
}

export function createRoomLifecycle(
  { db, now }: LiveHost,
  { requireOwnRoom, present, policy, events, changed, publishLater }: Parts,
): RoomLifecycle {
  async function endIn(tx: Tx<Tables>, row: store.Row): Promise<store.Row> {
    if (row.status === "ended") return row;
    const endedAtMs = Math.max(now(), row.startedAtMs ?? 0);
    const ended = await store.update(tx, row.id, { status: "ended", ended_at_ms: endedAtMs, online_count: 0 });
    if (!ended) throw LiveNotFound({});
    await removeAllFrom(tx, row.id);
    await events.ended(tx, ended, endedAtMs);
    await publishLater(tx, row.id);
    return ended;
  }

  async function endWhere(id: number, isEnding: (row: store.Row) => boolean): Promise<store.Row | undefined> {
    const ended = await db.tx(async (tx) => {
      const row = await store.lockById(tx, id);
      return row && isEnding(row) ? endIn(tx, row) : undefined;
    });
    if (ended) changed(ended);
    return ended;
  }

  const end: RoomEnds["end"] = (id) => endWhere(id, () => true);

  return {
    end,
    abandon: (id: number) => endWhere(id, (row) => row.status !== "waiting" && row.isAnnounced),
    endIn,

    handlers: {
      async start({ id }: { id: number }, call: Call) {
        await requireOwnRoom(id, "change", call);
        await policy.requireUnmuted(call);
        const started = await db.tx(async (tx) => {
          await requireAccount(tx, callerOf(call));
          const row = await store.lockById(tx, id);
          if (!row) throw LiveNotFound({});
          if (row.status === "ended") throw LiveEnded({});
          if (row.status !== "waiting") return row;
          const startedAtMs = now();
          const is_announced = await isAttended(tx, id);
          const after = await store.update(tx, id, { status: "live", started_at_ms: startedAtMs, is_announced });
          if (!after) throw LiveNotFound({});
          await events.started(tx, after, startedAtMs);
          return after;
        });
        changed(started);
        return present(started, call);
      },

      async end({ id }: { id: number }, call: Call) {
        await requireOwnRoom(id, "change", call);
        const row = await end(id);
        if (!row) throw LiveNotFound({});
        return present(row, call);
      },
    },
  };
}
