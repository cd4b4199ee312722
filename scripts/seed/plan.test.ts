import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planOf, type Size, sizes } from "./plan.ts";

for (const size of Object.keys(sizes) as Size[]) // As they are written there.
  describe(`the seed plan of size ${size}`, () => {
    const plan = planOf(size, 1);

    it("is the same for the same seed and differs for another seed", () => {
      assert.deepEqual(planOf(size, 1), plan);
      assert.notDeepEqual(planOf(size, 2), plan);
    });

    it("has unique usernames, and no account follows itself", () => {
      assert.equal(new Set(plan.accounts.map(({ username }) => username)).size, sizes[size].users);
      for (const { username } of plan.accounts) assert.match(username, /^[a-z_0-9]{3,30}$/);
      assert.ok(plan.accounts.every(({ follows }, place) => !follows.includes(place)));
    });

    it("refers only to accounts and videos of the plan", () => {
      const { users, videos } = sizes[size];
      for (const { author, video } of [...plan.comments, ...plan.danmaku]) assert.ok(author < users && video < videos);
      for (const { follows, likes } of plan.accounts)
        assert.ok(follows.every((other) => other < users) && likes.every((video) => video < videos));
    });
  });

it("the large seed plan has more than 2,500 rows", () => {
  const { accounts, videos, comments, danmaku } = planOf("large", 1);
  const marks = accounts.reduce((sum, { follows, likes }) => sum + follows.length + likes.length, 0);
  assert.ok(accounts.length + videos.length + comments.length + danmaku.length + marks > 2_500);
});
