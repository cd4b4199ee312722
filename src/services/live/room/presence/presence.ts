import { userJoined, userLeft } from "#events/live";
import { BadToken } from "#policy/account";
import { type Call, callerOf, type Id, type Handlers, type Tx } from "#kernel";
import { isDeletedUser } from "#policy/copies/deleted-users";
import { LiveNotFound, type Live, NotLive, type live } from "../../contract.ts";
import type { RoomLog } from "../log/room-log.ts";
import * as rooms from "../rooms/room-store.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { RoomStanding } from "../moderation/room-state.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { isOnAir } from "./room-admission.ts";
import * as store from "./presence-store.ts";
import type { RoomTickets } from "./tickets.ts";

interface Parts {
  readonly standing: RoomStanding;
  readonly log: RoomLog;
  /** The addresses by which this caller watches a room. */
  readonly addressesFor: (row: rooms.Row, call: Call) => Readonly<Record<"hlsUrl" | "flvUrl" | "webrtcUrl", string>>;
  readonly tickets: RoomTickets;
  readonly present: (row: rooms.Row, call: Call) => Live;
  readonly requireOwnRoom: Rooms["requireOwnRoom"];
}
const sweepMs = 5_000;
/** A day of them. */
const minutesMax = 1_440;

/** The viewers of each room. */
export interface RoomPresence {
  /** Counts viewers anew, and records the counts of this minute. */
  readonly everyMinute: () => Promise<void>;
  readonly stop: () => void;
  readonly handlers: Pick<Handlers<typeof live>, "join" | "leave" | "viewers" | "presence">;
}

export function createRoomPresence(host: LiveHost, parts: Parts): RoomPresence {
  const { db } = host;
  const { standing, log, tickets, addressesFor, present, requireOwnRoom } = parts;

  const recount = (ids: readonly Id[], movements: readonly store.Movement[]) =>
    recountRooms(host, log, { ids, movements });
  const onlineIn = async (id: Id): Promise<number> => (await store.countsOf(db, [id]))[0]?.onlineCount ?? 0;

  async function sweep(): Promise<void> {
    const movements = await db.tx((tx) => store.expire(tx));
    if (movements.length > 0) await recount([...new Set(movements.map(({ liveId }) => liveId))], movements);
  }
  // Only while there were viewers a moment ago; the schedule looks after what a process that ended has left.
  let seenMs = Number.NEGATIVE_INFINITY;
  const timer = setInterval(() => {
    if (performance.now() - seenMs > 12 * sweepMs) return;
    sweep().catch((error: unknown) => host.log.debug("viewers could not be counted", { err: error }));
  }, sweepMs).unref();

  return {
    async everyMinute(): Promise<void> {
      await sweep();
      await db.tx((tx) => store.storeCounts(tx));
    },
    stop: () => clearInterval(timer),

    handlers: {
      async join({ id }: { id: Id }, call: Call) {
        const userId = callerOf(call);
        const { row: visibleRow } = await standing.visible(id, call);
        if (!isOnAir(visibleRow)) throw NotLive({});
        await db.tx(async (tx) => {
          if (await isDeletedUser(tx, userId)) throw BadToken({});
          await store.enter(tx, id, userId);
          if (userId !== visibleRow.ownerId) await store.visit(tx, id, userId);
        });
        seenMs = performance.now();
        await recount([id], [{ liveId: id, userId }]);
        const row = await rooms.byId(db, id);
        if (!row) throw LiveNotFound({});
        const { hlsUrl, flvUrl, webrtcUrl } = addressesFor(row, call);
        const ticket = await tickets.issue(id, userId, call);
        return {
          live: present(row, call),
          onlineCount: row.onlineCount,
          wsUrl: `/api/v1/lives/${id}/ws?ticket=${ticket}`,
          playUrl: hlsUrl,
          hlsUrl,
          flvUrl,
          webrtcUrl,
        };
      },

      async leave({ id }: { id: Id }, call: Call) {
        await standing.visible(id, call);
        const userId = callerOf(call);
        await db.tx((tx) => store.exit(tx, id, userId));
        await recount([id], [{ liveId: id, userId }]);
        return { onlineCount: await onlineIn(id) };
      },

      async viewers({ id }: { id: Id }, call: Call) {
        await requireOwnRoom(id, "change", call);
        return { items: await store.countsByMinute(db.read(call), id, minutesMax) };
      },

      async presence({ instance, rooms: reports }: { instance: string; rooms: readonly store.Report[] }) {
        seenMs = performance.now();
        await db.tx((tx) => store.report(tx, instance, reports));
        const ids = reports.map(({ id }) => id);
        // Rooms without a change of persons are counted as well: other gateways may be away by now.
        await recount(ids, store.movementsIn(reports));
        return { items: await store.countsOf(db, ids) };
      },
    },
  };
}

interface Recount {
  readonly ids: readonly Id[];
  /** The accounts that may have entered or left. */
  readonly movements: readonly store.Movement[];
}

/** Counts the viewers of rooms, and says so to the rooms where the number has changed. */
async function recountRooms(host: LiveHost, log: RoomLog, { ids, movements }: Recount): Promise<void> {
  const changed = await host.db.tx(async (tx) => {
    const counts = await store.recount(tx, ids);
    await publishAttendance(host, tx, movements);
    return counts;
  });
  for (const { id, onlineCount } of changed)
    log.signal(id, { kind: "online", userId: 0, username: "", payload: JSON.stringify({ count: onlineCount }) });
}

/** Publishes which accounts entered and left, in the transaction that counts the rooms anew. */
async function publishAttendance(
  { emitAll, now }: LiveHost,
  tx: Tx<Tables>,
  movements: readonly store.Movement[],
): Promise<void> {
  const changes = await store.updateAttendees(tx, movements);
  if (changes.length === 0) return;
  const liveIds = [...new Set(changes.map(({ liveId }) => liveId))];
  const counts = new Map((await store.countsOf(tx, liveIds)).map(({ id, onlineCount }) => [id, onlineCount]));
  const atMs = now();
  for (const type of [userJoined, userLeft])
    await emitAll(
      tx,
      type,
      changes
        .filter(({ isPresent }) => isPresent === (type === userJoined))
        .map(({ liveId, userId }) => ({
          key: liveId,
          payload: { liveId, userId, onlineCount: counts.get(liveId) ?? 0, atMs },
        })),
    );
}
