import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planOf, type Size, sizes } from "./plan.ts";

for (const size of Object.keys(sizes) as Size[]) // As they are written there.
  describe(`the plan ${size}`, () => {
    const plan = planOf(size, 1);

    it("is the same for the same seed and another one for another", () => {
      assert.deepEqual(planOf(size, 1), plan);
      assert.notDeepEqual(planOf(size, 2), plan);
    });

    it("names every account once, and nobody follows themselves", () => {
      assert.equal(new Set(plan.accounts.map(({ username }) => username)).size, sizes[size].users);
      for (const { username } of plan.accounts) assert.match(username, /^[a-z_0-9]{3,30}$/);
      assert.ok(plan.accounts.every(({ follows }, place) => !follows.includes(place)));
    });

    it("speaks of accounts and videos that are in it", () => {
      const { users, videos } = sizes[size];
      for (const { author, video } of [...plan.comments, ...plan.danmaku]) assert.ok(author < users && video < videos);
      for (const { follows, likes } of plan.accounts)
        assert.ok(follows.every((other) => other < users) && likes.every((video) => video < videos));
    });
  });

it("is some thousands of rows where it is large", () => {
  const { accounts, videos, comments, danmaku } = planOf("large", 1);
  const marks = accounts.reduce((sum, { follows, likes }) => sum + follows.length + likes.length, 0);
  assert.ok(accounts.length + videos.length + comments.length + danmaku.length + marks > 2_500);
});
