import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noScore, valueOf } from "#policy/hot-score";
import fc from "fast-check";
import { activityOf, type Counted, importedActivityOf, type Kind, publicationWeight } from "./activity.ts";

const nowMs = Date.UTC(2026, 10, 20);
const trusted = { nowMs, trust: () => 1 };
const author = 9;
const blank: Counted = { videoId: 1, userId: author, likeCount: 0, likePeak: 0, newcomersMilli: 0 };
const worth = (hotScore: number): number => (hotScore === noScore ? 0 : valueOf(hotScore, nowMs));

describe("the activity of a video", () => {
  it("counts a view once, and a like and a share four times", () => {
    const scoreOf = (kind: Kind) =>
      worth(activityOf(kind, [{ videoId: 1, userId: 2 }], [blank], trusted)[0]?.hotScore ?? 0);
    assert.deepEqual([scoreOf("view"), scoreOf("like"), scoreOf("share"), scoreOf("unlike")], [1, 4, 4, 0]);
  });

  it("does not raise the score by what authors do to their own videos, and counts their views", () => {
    const own = [{ videoId: 1, userId: author }];
    for (const kind of ["view", "like", "share"] as const) {
      const [activity] = activityOf(kind, own, [blank], trusted);
      assert.deepEqual([activity?.hotScore, activity?.views], [noScore, kind === "view" ? 1 : 0]);
    }
  });

  it("raises the score by as much as accounts are trusted, and counts their likes and views as any others", () => {
    const group = Array.from({ length: 50 }, (_, n) => ({ videoId: 1, userId: 100 + n }));
    const trust = (userId: number) => (userId < 110 ? 1 : 0);
    for (const [kind, expected] of [
      ["like", 40],
      ["share", 40],
      ["view", 10],
    ] as const) {
      const [activity] = activityOf(kind, group, [blank], { nowMs, trust });
      assert.equal(worth(activity?.hotScore ?? 0), expected);
      assert.deepEqual(
        [activity?.views, activity?.likeCount],
        kind === "view" ? [50, 0] : [0, kind === "like" ? 50 : 0],
      );
    }
    const [none] = activityOf("like", group, [blank], { nowMs, trust: () => 0 });
    assert.deepEqual([none?.hotScore, none?.likeCount], [noScore, 50]);
  });

  it("raises the score by all new accounts together as a publication does, in batches of any size", () => {
    const trust = (userId: number) => (userId >= 100 ? 0.3 : 1);
    for (const size of [1, 7, 60]) {
      let counted = blank;
      let sum = 0;
      for (let from = 0; from < 60; from += size)
        for (const kind of ["view", "like", "share"] as const) {
          const group = Array.from({ length: size }, (_, n) => ({ videoId: 1, userId: 100 + from + n }));
          const [activity] = activityOf(kind, group, [counted], { nowMs, trust });
          assert.ok(activity);
          counted = { ...counted, ...activity };
          sum += worth(activity.hotScore);
        }
      assert.ok(Math.abs(sum - publicationWeight) < 0.1, `${sum} in batches of ${size}`);
      // New accounts take nothing from those that are trusted.
      const [activity] = activityOf("like", [{ videoId: 1, userId: 5 }], [counted], { nowMs, trust });
      assert.equal(worth(activity?.hotScore ?? 0), 4);
    }
  });

  it("weighs imported views and likes by their days, and counts them all", () => {
    const today = Math.floor(nowMs / 86_400_000);
    const [activity] = importedActivityOf(
      [
        { day: today - 1, views: 8, likes: 1 },
        { day: today, views: 3, likes: 0 },
      ],
      [{ ...blank, likeCount: 2, likePeak: 5 }],
    );
    assert.deepEqual([activity?.views, activity?.likeCount, activity?.likePeak], [11, 3, 5]);
    assert.equal(worth(activity?.hotScore ?? 0), (8 + 4) / 2 + 3);
    assert.equal(importedActivityOf([], [blank])[0]?.hotScore, noScore);
  });

  it("agrees with a naive model of likes: the score counts the most that a video ever had, in batches of any size", () => {
    const user = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ userId: user, size: fc.integer({ min: 1, max: 4 }) }), { maxLength: 40 }),
        (steps) => {
          const likers = new Set<number>();
          let most = 0;
          let counted = blank;
          let score = 0;
          for (const { userId, size } of steps) {
            // Each user of the batch switches their like, all in one direction, as neighbours of one type come.
            const isLike = !likers.has(userId);
            const users = Array.from({ length: size }, (_, n) => 1 + ((userId + n) % 9));
            const batch = [...new Set([userId, ...users])].filter((one) => likers.has(one) !== isLike);
            for (const one of batch) likers[isLike ? "add" : "delete"](one);
            most = Math.max(most, [...likers].filter((one) => one !== author).length);
            const facts = batch.map((one) => ({ videoId: 1, userId: one }));
            const [activity] = activityOf(isLike ? "like" : "unlike", facts, [counted], trusted);
            assert.ok(activity);
            score += worth(activity.hotScore);
            counted = { ...counted, likeCount: activity.likeCount, likePeak: activity.likePeak };
          }
          assert.equal(counted.likeCount, [...likers].filter((one) => one !== author).length);
          assert.equal(counted.likePeak, most);
          assert.ok(Math.abs(score - 4 * most) < 0.01, `${score} of ${most} likes`);
        },
      ),
    );
  });
});
