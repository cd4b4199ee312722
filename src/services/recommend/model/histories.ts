import type { Host, Id } from "#kernel";
import { trustOf } from "./trust.ts";
import type { Memory } from "../memory.ts";
import { tasteMin, utilityOf } from "../signals/signal.ts";
import * as signalStore from "../signals/signal-store.ts";
import type { Tables } from "../store.ts";
import { trainingSetOf, type VideoHistories } from "./training-set.ts";

/** The latest videos of a user that count: more would make one user many. */
const perUserMax = 500;
const perBatch = 20_000;
/** Below this trust an account teaches nothing. */
const trustMin = 0.5;

/** Reads the histories of the users that count. */
export type Histories = (signal: AbortSignal) => Promise<VideoHistories>;

export function createHistories({ db, now }: Pick<Host<Tables>, "db" | "now">, memory: Memory): Histories {
  return async (signal: AbortSignal) => {
    await memory.refresh();
    const siteSinceMs = memory.pool.newest.all.at(-1)?.publishedAtMs ?? now();
    const watched: Id[][] = [];
    let likedVideos: { readonly videoId: Id; readonly atMs: number }[] = [];
    let last = { userId: 0, videoId: 0 };
    const endUser = () => {
      const latest = likedVideos.toSorted((a, b) => b.atMs - a.atMs).slice(0, perUserMax);
      watched.push(latest.map(({ videoId }) => videoId));
      likedVideos = [];
    };
    for (;;) {
      signal.throwIfAborted();
      const rows = await signalStore.behind(db, last, perBatch);
      for (const row of rows) {
        if (row.userId !== last.userId) endUser();
        last = row;
        const trust = trustOf(row.userId, { nowMs: now(), siteSinceMs });
        if (trust >= trustMin && utilityOf(row) >= tasteMin)
          likedVideos.push({ videoId: row.videoId, atMs: row.changedAtMs });
      }
      if (rows.length < perBatch) break;
    }
    endUser();
    return trainingSetOf(watched);
  };
}
