import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparisonOf, type ListAccuracy } from "./comparison.ts";
import type { Signal } from "../signals/signal.ts";
import { splitOf } from "./split.ts";

describe("lists that are compared", () => {
  it("find what users liked later by what each list goes by", () => {
    // Each user liked five of 100 videos, each a second after the one before; the last one is the test.
    const liked = (videosOf: (user: number) => readonly number[]) =>
      Array.from({ length: 50 }, (_, user) =>
        videosOf(user).map((videoId, n) => signalOf(1_000 + user, videoId, 60_000 * user + 1_000 * n)),
      );
    const past = (user: number) => [1, 2, 3, 4].map((n) => 100 * n + user);
    // The newest twenty, which nobody watched before.
    assert.deepEqual(recalls(liked((user) => [...past(user), 900 + (user % 20)])), {
      model: undefined,
      "co-visits": 0,
      "most watched": 0,
      newest: 1,
    });
    // An old one that the users before had watched.
    const popular = liked((user) => (user < 25 ? [...past(user).slice(0, 3), 7, 800 + user] : [...past(user), 7]));
    const { "most watched": watched = 0, newest = 1 } = recalls(popular);
    assert.deepEqual([watched, newest], [0.5, 0.4], "7 is the test of 25 users, and twenty newest of the others");
    // The videos that belong to a pair of users.
    const pairs = liked((user) => {
      const pair = user - (user % 2);
      const own = [1, 2, 3, 4].map((n) => 100 * n + pair);
      return user === pair ? [...own, 500 + pair, 90 + user] : [...own, 500 + pair];
    });
    assert.equal(recalls(pairs)["co-visits"], 0.5, "every other user liked what the user before had liked");
  });
});

const recalls = (ofUsers: readonly (readonly Signal[])[]) =>
  Object.fromEntries(
    comparisonOf(splitOf(ofUsers), {
      settings: undefined,
      publishedAtMs: (videoId) => videoId,
      random: () => 0.5,
    }).map(({ list, accuracy }) => [list, accuracy?.recall]),
  ) as Record<ListAccuracy["list"], number | undefined>;

const signalOf = (userId: number, videoId: number, atMs: number): Signal => ({
  userId,
  videoId,
  watchedMs: 60_000,
  lengthMs: 60_000,
  isFinished: true,
  isLiked: false,
  isFavorited: false,
  isShared: false,
  isCommented: false,
  isFollowed: false,
  isRefused: false,
  changedAtMs: atMs,
  beganAtMs: atMs,
});
