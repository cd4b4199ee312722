import { type Call, callerOf, type Id, type Fanout, type Handlers } from "#kernel";
import { createPeerFanout } from "#kernel/fanout/peers";
import { live } from "../../contract.ts";
import type { Row } from "../rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./message-store.ts";
import { RoomFeeds } from "./room-feed.ts";
import { RoomLog, type Signal } from "./room-log.ts";

/** Messages of rooms that were not recorded are kept for this long after the end. */
const keptMs = 30 * 24 * 3_600_000;

/** The message log of rooms, and its way to the gateways. */
export interface RoomRealtime {
  readonly log: RoomLog;
  /** To the processes of this service. */
  readonly fanout: Fanout;
  /** A room was started, changed, paused or ended. */
  readonly changed: (row: Row) => void;
  readonly purge: () => Promise<void>;
  /** Sends something of the caller to the sockets of a room. */
  readonly send: (input: { id: Id } & Omit<Signal, "userId">, call: Call) => void;
  readonly handlers: Pick<Handlers<typeof live>, "room" | "roomAfter" | "likeRoom" | "deliver">;
  readonly stop: () => Promise<void>;
}

export function createRoomRealtime(host: LiveHost): RoomRealtime {
  const { db, now, log, settings, peers, call } = host;
  const between = createPeerFanout((delivery) =>
    peers(live).map((peer) => peer.deliver({ ...delivery, bytes: delivery.bytes }, call({ waitMs: 2_000 }))),
  );
  const fanout = host.fanout ?? between;
  const roomLog = new RoomLog({
    db,
    now,
    log,
    tickMs: settings.tickMs,
    publish: (topic, bytes) => fanout.publish(topic, bytes),
  });
  const feeds = new RoomFeeds({ db, fanout, log });

  /** Sends what happened in a room to all who are in it, and keeps it. Call it after the commit. @throws LiveNotFound */
  const announce = (liveId: Id, kind: string, payload: object, userId?: Id): Promise<number> =>
    roomLog.append(liveId, { kind, class: "reliable", userId, username: "", payload: JSON.stringify(payload) });

  async function announceState({ id, status, title, visibility }: Row): Promise<void> {
    if (status !== "ended") {
      await announce(id, "room", { status, title, visibility });
      return;
    }
    // Ends are reported again and again; the first is the one that is sent.
    if (await store.markOver(db, id)) await announce(id, "ended", {});
    // A room that was deleted has nothing to keep it in.
    else roomLog.signal(id, { kind: "ended", userId: 0, username: "", payload: "{}" });
  }

  return {
    log: roomLog,
    fanout,

    changed: (row: Row): void => {
      announceState(row).catch((error: unknown) =>
        log.warn("a change of a live room was not announced", { liveId: row.id, err: error }),
      );
    },

    async purge(): Promise<void> {
      while ((await db.tx((tx) => store.purge(tx, now() - keptMs))) > 0);
    },

    send({ id, ...signal }: { id: Id } & Omit<Signal, "userId">, call: Call): void {
      roomLog.signal(id, { ...signal, userId: callerOf(call) });
    },

    handlers: {
      async *room({ id, after }: { id: Id; after?: number | undefined }, { signal }: Call) {
        yield* feeds.follow(id, after, signal);
      },
      roomAfter: ({ id, after }: { id: Id; after: number }) => feeds.after(id, after),

      async likeRoom({ id, count }: { id: Id; count: number }) {
        roomLog.like(id, count);
        return {};
      },
      async deliver(delivery: { topic: string; bytes: Uint8Array; from: string }) {
        between.deliver(delivery);
        return {};
      },
    },

    async stop(): Promise<void> {
      await roomLog.stop();
      feeds.stop();
    },
  };
}
