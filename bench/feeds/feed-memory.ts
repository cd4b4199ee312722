import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { candidatesFor } from "#services/recommend/feeds/candidates";
import { tasteOf } from "#services/recommend/feeds/taste";
import { Learner } from "#services/recommend/learner/learner";
import { VideoPool } from "#services/recommend/pool/video-pool";
import type { Signal } from "#services/recommend/signals/signal";
import { Random } from "../../test/random.ts";
import { record } from "../record.ts";

/*
 * The memory of a process that makes feeds, for 100,000 videos and the last 100,000 signals of 50,000 viewers. Also the
 * time to fill it, and the cost of recall for a viewer with 200 signals. `npm run bench -- feed-memory`.
 */
const [videos, signals, viewers, requests] = [100_000, 100_000, 50_000, 2_000];
const nowMs = Date.UTC(2026, 10, 20);
const random = new Random(7);
const popular = () => 1 + Math.floor(random.next() ** 3 * (videos - 1));

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void; // As Node has it with the flag.
const before = memory();
const pool = new VideoPool();
const fillMs = measureMs(() => {
  for (let n = 1; n <= videos; n++)
    pool.put({
      videoId: idOf(n),
      userId: n % 5_000,
      publishedAtMs: nowMs - n * 60_000,
      durationMs: 60_000,
      categoryId: 1,
      hotScore: n * 1_000,
      impressionCount: 0,
      tags: [`tag${n % 700}`, `other${n % 130}`, `more${n % 9_000}`],
    });
  return [pool.newest.all, pool.hottest.all, pool.unproven(nowMs), pool.withTag("tag1")];
});
const filled = memory();
const learner = new Learner(pool);
const learnMs = measureMs(() => {
  for (let n = 0; n < signals; n++) learner.add(signalOf(1_000 + random.whole(0, viewers - 1), n), nowMs);
});
const learned = memory();
const viewerSignals = Array.from({ length: 200 }, (_, n) => signalOf(7, n));
const weights = { fresh: 0, following: 0, popular: 0, similar: 0 };
const times = Array.from({ length: requests }, () =>
  measureMs(() => {
    const taste = tasteOf(viewerSignals, { pool, learner, model: undefined, removed: [], nowMs });
    return candidatesFor({ taste, followedIds: [], likes: new Map(), weights }, { pool, isOpen: () => true, nowMs });
  }),
).toSorted((a, b) => a - b);
const quantile = (part: number) => (times[Math.floor(part * requests)] ?? 0).toFixed(2);

await record("feed-memory", [
  "| 100,000 videos, 100,000 signals of 50,000 viewers | measured | goal |",
  "|---|---|---|",
  `| videos in memory, MB | ${((filled - before) / 1e6).toFixed(0)} | |`,
  `| what was learned, MB | ${((learned - filled) / 1e6).toFixed(0)} | |`,
  `| filling without the database, s | ${(fillMs / 1_000).toFixed(1)} | |`,
  `| learning, a little at a time, s | ${(learnMs / 1_000).toFixed(1)} | |`,
  `| recall of a viewer with 200 signals, ms: median, 99 % | ${quantile(0.5)}, ${quantile(0.99)} | ≤ 5 |`,
]);

function idOf(n: number): number {
  return 180_000_000_000_000 + n * 65_536;
}
function signalOf(userId: number, n: number): Signal {
  return {
    userId,
    videoId: idOf(popular()),
    watchedMs: random.next() < 0.5 ? 60_000 : 500,
    lengthMs: 60_000,
    isFinished: false,
    isLiked: false,
    isFavorited: false,
    isShared: false,
    isCommented: false,
    isFollowed: false,
    isRefused: false,
    beganAtMs: nowMs - 100_000 - n,
    changedAtMs: nowMs - 100_000 - n,
  };
}
function memory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
function measureMs(work: () => unknown): number {
  const beganMs = performance.now();
  work();
  return performance.now() - beganMs;
}
