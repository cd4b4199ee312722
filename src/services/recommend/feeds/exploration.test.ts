import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "#test/random";
import type { PoolVideo } from "../pool/pool-video.ts";
import { Learner } from "../learner/learner.ts";
import { impressionBudget, VideoPool } from "../pool/video-pool.ts";
import type { Signal } from "../signals/signal.ts";
import { drawBeta, chooseNewVideo } from "./exploration.ts";

const nowMs = Date.UTC(2026, 10, 20);

describe("the exploration of new videos", () => {
  it("gives each its impressions, the last one too, and none to old videos", () => {
    const pool = new VideoPool();
    const random = new Random(3);
    for (let n = 1; n <= 200; n++) pool.put(videoOf(n));
    pool.put({ ...videoOf(900), publishedAtMs: nowMs - 15 * 86_400_000 });
    const learner = new Learner(pool);
    const parts = { learner, random: () => random.next(), isOpen: () => true };
    let tries = 0;
    for (
      let one = chooseNewVideo(pool.unproven(nowMs), parts);
      one;
      one = chooseNewVideo(pool.unproven(nowMs), parts)
    ) {
      pool.put({ ...one, impressionCount: one.impressionCount + 1 });
      tries++;
    }
    assert.equal(tries, 200 * impressionBudget);
    assert.equal(pool.get(900)?.impressionCount, 0);
  });

  it("prefers videos that are watched to their end, and gives up one that viewers skip", () => {
    const pool = new VideoPool();
    for (const id of [1, 2, 3]) pool.put({ ...videoOf(id), impressionCount: id === 3 ? 0 : 10 });
    const learner = new Learner(pool);
    for (let userId = 100; userId < 130; userId++) {
      learner.add(signalOf(userId, 1, 60_000), nowMs);
      learner.add(signalOf(userId, 2, 500), nowMs);
    }
    const random = new Random(4);
    const parts = { learner, random: () => random.next(), isOpen: () => true };
    const chosen = new Map<number, number>();
    for (let n = 0; n < 400; n++) {
      const id = chooseNewVideo(pool.unproven(nowMs), parts)?.videoId ?? 0;
      chosen.set(id, (chosen.get(id) ?? 0) + 1);
    }
    assert.equal(chosen.get(2), undefined, "nine of ten draws are below half of what is usual");
    // Every other try is for the one that was served least.
    assert.ok((chosen.get(1) ?? 0) > 150 && (chosen.get(3) ?? 0) > 150, JSON.stringify([...chosen]));
  });

  it("draws from the Beta distribution", () => {
    const random = new Random(5);
    const draws = Array.from({ length: 20_000 }, () => drawBeta(3, 7, () => random.next()));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    assert.ok(Math.abs(mean - 0.3) < 0.01, `${mean}`);
    assert.ok(Math.abs(variance - 21 / 1_100) < 0.001, `${variance}`);
  });
});

const videoOf = (videoId: number): PoolVideo => ({
  videoId,
  userId: 500 + videoId,
  publishedAtMs: nowMs - 86_400_000,
  durationMs: 60_000,
  categoryId: null,
  hotScore: 0,
  impressionCount: 0,
  tags: [],
});

const signalOf = (userId: number, videoId: number, watchedMs: number): Signal => ({
  userId,
  videoId,
  watchedMs,
  lengthMs: 60_000,
  isFinished: watchedMs >= 60_000,
  isLiked: false,
  isFavorited: false,
  isShared: false,
  isCommented: false,
  isFollowed: false,
  isRefused: false,
  beganAtMs: nowMs - 600_000,
  changedAtMs: nowMs - 600_000,
});
