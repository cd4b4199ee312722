import { streamingStarted, streamingStopped } from "#events/streaming";
import type { Call, Host, Id, Schedule } from "#kernel";
import { Loop } from "#kernel/process/loop";
import type { Content } from "./access.ts";
import * as store from "./store.ts";

/** A viewer who asks for nothing for longer has stopped. */
const idleMs = 600_000;
/** Requests are collected for this long: each viewer and video is one row then, however many segments they were. */
const collectMs = 2_000;
/** A viewing that goes on is written once a minute. */
const freshMs = 60_000;
/** Sightings between two writes. Further ones are counted with their next request. */
const sightingsMax = 20_000;
const endedPerTurn = 1_000;

interface Sighting {
  readonly contentId: Id;
  readonly viewer: string;
  readonly userId?: Id | undefined;
}

/** Publishes when viewers begin and stop to watch a video: one pair of events for a viewer and a video. */
export interface Viewings {
  /** A player asked for the manifest or the bytes of content; costs the request nothing. */
  readonly record: (content: Pick<Content, "scope" | "id">, call: Call) => void;
  readonly schedule: Schedule;
  readonly stop: () => Promise<void>;
}

export function createViewings({
  db,
  emitAll,
  nextId,
  now,
  log,
}: Pick<Host<store.Tables>, "db" | "emitAll" | "nextId" | "now" | "log">): Viewings {
  let sightings = new Map<string, Sighting>();

  async function write(): Promise<void> {
    if (sightings.size === 0) return;
    const viewings = [...sightings.values()].map((sighting) => ({ ...sighting, id: nextId() }));
    sightings = new Map();
    const nowMs = now();
    await db.tx(async (tx) => {
      const startedIds = await store.see(tx, viewings, nowMs, freshMs);
      const started = viewings.filter(({ id }) => startedIds.has(id));
      await emitAll(
        tx,
        streamingStarted,
        started.map(({ id: viewingId, contentId, userId }) => ({
          key: contentId,
          payload: { viewingId, contentId, startedAtMs: nowMs, userId },
        })),
      );
    });
  }

  async function endIdle(): Promise<number> {
    return db.tx(async (tx) => {
      const ended = await store.endIdle(tx, now() - idleMs, endedPerTurn);
      await emitAll(
        tx,
        streamingStopped,
        ended.map(({ id: viewingId, contentId, startedAtMs, seenAtMs: stoppedAtMs }) => ({
          key: contentId,
          payload: { viewingId, contentId, startedAtMs, stoppedAtMs },
        })),
      );
      return ended.length;
    });
  }

  const loop = new Loop(
    async () => {
      await write();
      return undefined;
    },
    (error) => log.debug("viewings were not stored", { err: error }),
  );
  let timer: NodeJS.Timeout | undefined;

  return {
    record({ scope, id: contentId }, { sessionId, source, userId }) {
      const viewer = sessionId ?? source;
      if (scope !== "video" || viewer === undefined || sightings.size >= sightingsMax) return;
      sightings.set(`${contentId} ${viewer}`, { contentId, viewer, userId });
      timer ??= setTimeout(() => {
        timer = undefined;
        loop.wake();
      }, collectMs).unref();
    },

    schedule: {
      name: "streaming.viewings",
      pattern: "* * * * *",
      async run() {
        while ((await endIdle()) === endedPerTurn);
      },
    },

    async stop() {
      clearTimeout(timer);
      await loop.stop();
      await write().catch((error: unknown) => log.debug("viewings were not stored", { err: error }));
    },
  };
}
