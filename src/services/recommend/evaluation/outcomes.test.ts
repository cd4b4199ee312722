import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Signal } from "../signals/signal.ts";
import { outcomesOf } from "./outcomes.ts";
import { splitOf } from "./split.ts";
import { watchersOf } from "./watchers.ts";

const hourMs = 3_600_000;

describe("what followed a page", () => {
  it("is the utility of the signal that began within a day of the last page with the video", () => {
    const pages = [
      { servedAtMs: 10 * hourMs, videoIds: [1, 2, 3, 4] },
      { servedAtMs: 12 * hourMs, videoIds: [2, 5] },
    ];
    const outcome = outcomesOf(pages, [
      signalOf({ videoId: 1, beganAtMs: 10 * hourMs, isFinished: true }),
      signalOf({ videoId: 2, beganAtMs: 13 * hourMs, isFinished: true, isLiked: true }),
      signalOf({ videoId: 3, beganAtMs: 10 * hourMs - 1, isFinished: true }),
      signalOf({ videoId: 4, beganAtMs: 34 * hourMs + 1, isFinished: true }),
      signalOf({ videoId: 5, beganAtMs: 12 * hourMs, watchedMs: 500 }),
    ]);
    assert.deepEqual(
      [1, 2, 3, 4].map((videoId) => outcome(0, videoId)),
      [1, 0, 0, 0],
      "2 was watched after the second page, 3 before any, 4 too late",
    );
    assert.deepEqual([outcome(1, 2), outcome(1, 5)], [2, -0.6]);
  });
});

describe("the watchers of a video", () => {
  it("are counted until an instant, and without users who refused it unseen", () => {
    const watchers = watchersOf([
      signalOf({ userId: 1, beganAtMs: 30, isFinished: true }),
      signalOf({ userId: 2, beganAtMs: 10, isFinished: true }),
      signalOf({ userId: 3, beganAtMs: 20, isRefused: true }),
    ]);
    assert.deepEqual(
      [10, 11, 30, 31].map((atMs) => watchers(1, atMs)),
      [0, 1, 1, 2],
    );
    assert.equal(watchers(2, 31), 0);
  });
});

describe("a split by time", () => {
  it("has the last tenth of what a user liked as its test, one at least, of five at least", () => {
    const liked = (userId: number, count: number) =>
      Array.from({ length: count }, (_, n) =>
        signalOf({ userId, videoId: 100 - n, changedAtMs: n, beganAtMs: n, isFinished: true }),
      );
    const skipped = signalOf({ userId: 1, videoId: 7, changedAtMs: 1_000, watchedMs: 500 });
    const { before, later, videoIds, items, past } = splitOf([[...liked(1, 20), skipped], liked(2, 5), liked(3, 4)]);
    assert.equal(items, 20);
    assert.deepEqual([videoIds[0], videoIds.at(-1)], [81, 100], "numbered by id, without the skipped one");
    const named = later.map((own) => [...own].map((item) => videoIds[item]));
    assert.deepEqual(named, [[82, 81], [96], []]);
    assert.deepEqual(
      before.map((own) => own.length),
      [18, 4, 4],
    );
    assert.ok(past.every(({ changedAtMs }, n) => changedAtMs >= (past[n - 1]?.changedAtMs ?? 0)));
    assert.equal(past.length, 26);
  });
});

const signalOf = (fields: Partial<Signal>): Signal => ({
  userId: 1,
  videoId: 1,
  watchedMs: 0,
  lengthMs: 60_000,
  isFinished: false,
  isLiked: false,
  isFavorited: false,
  isShared: false,
  isCommented: false,
  isFollowed: false,
  isRefused: false,
  changedAtMs: 0,
  beganAtMs: 0,
  ...fields,
});
