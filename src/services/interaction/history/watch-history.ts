import { requireAccount } from "#policy/account";
import { historyCleared, videoShared } from "#events/interaction";
import { type Call, callerOf, type Host, type Id, type PageInput } from "#kernel";
import { personOf } from "#policy/persons";
import type { z } from "zod";
import { createPlays } from "./plays.ts";
import { watchedOf } from "../analytics/ranges.ts";
import { type interaction } from "../contract.ts";
import { isView, slotOf } from "./view-count.ts";
import { watchingTopic } from "../analytics/daily.ts";
import { isNew, type ViewerAccess } from "../access.ts";
import type { Tables } from "../store.ts";
import * as watchStore from "./watch-store.ts";

type Play = z.output<(typeof interaction)["methods"]["play"]["input"]>;

type HistorySettings = z.output<(typeof interaction)["methods"]["setHistory"]["input"]>;

/** Viewers who reported within this time are watching. */
const watchingMs = 2 * 60_000;

interface GateRecords {
  readonly recordWatched: (videoId: Id, watchedMs: number, call: Call) => Promise<void>;
}

export function createWatchHistory(host: Host<Tables>, access: ViewerAccess, { recordWatched }: GateRecords) {
  const { db, emit, now, cache } = host;
  const plays = createPlays(host);
  return {
    async play({ id, positionMs, durationMs, finished, ranges, source, site }: Play, call: Call) {
      const { durationMs: lengthMs, visibility } = await access.video(id, call);
      await cache.enter(watchingTopic, personOf(call), watchingMs);
      const watched = watchedOf(ranges, lengthMs);
      const isEnough = isView(Math.max(positionMs, watched.ms), finished, lengthMs);
      if (!isEnough && watched.ms === 0) return {};
      if (visibility === "gated") await recordWatched(id, watched.ms, call);
      await plays.add({
        videoId: id,
        viewer: personOf(call),
        userId: call.userId,
        atMs: now(),
        lengthMs,
        // A report of ranges alone ends where the last of them does.
        positionMs: positionMs === 0 ? watched.endMs : positionMs,
        durationMs,
        finished,
        isView: isEnough,
        watched,
        source,
        site: site?.toLowerCase(),
        traceId: call.traceId,
      });
      return {};
    },

    async share({ id }: { id: Id }, call: Call) {
      await access.author(id, call);
      const { userId } = call;
      return db.answer(async (tx) => {
        if (userId !== undefined) await requireAccount(tx, userId);
        const row = { video_id: id, viewer: personOf(call), slot: slotOf(now()), shared_at_ms: now() };
        const { outcome, count } = await watchStore.addShare(tx, row);
        if (isNew(outcome))
          await emit(tx, videoShared, id, { videoId: id, atMs: now(), ...(userId !== undefined && { userId }) });
        return { shareCount: count };
      });
    },

    history: (page: PageInput, call: Call) => watchStore.watchedBy(db.read(call), callerOf(call), page),

    async forgetWatched({ id }: { id: Id }, call: Call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await watchStore.deleteWatched(tx, userId, id);
        await emit(tx, historyCleared, userId, { userId, videoId: id });
      });
      return {};
    },

    async clearHistory(_: object, call: Call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await watchStore.deleteWatched(tx, userId);
        await emit(tx, historyCleared, userId, { userId, videoId: null });
      });
      return {};
    },

    historySettings: async (_: object, call: Call) => ({
      isKept: await watchStore.isKept(db.read(call), callerOf(call)),
    }),

    async setHistory(settings: HistorySettings, call: Call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await requireAccount(tx, userId);
        await watchStore.setSettings(tx, { user_id: userId, ...columnsOf(settings) });
      });
      return settings;
    },
  };
}

/** The columns of settings, by their fields: a new field of the contract without an entry is a type error. Pure. */
const columnsOf = ({ isKept }: HistorySettings) => {
  const byField = { isKept: { is_kept: isKept } } satisfies Record<
    keyof HistorySettings,
    Partial<Tables["interaction.watch_settings"]>
  >;
  return byField.isKept;
};
