import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { tickOf } from "#kernel/ids/id";
import { RecentLikes } from "../learner/recent-likes.ts";
import { Memory } from "../memory.ts";
import { VideoPool } from "../pool/video-pool.ts";
import { FeedFixture } from "../testing.ts";
import { likersOf, strengthsOf } from "./followed-likes.ts";

const dayMs = 86_400_000;
const author = 300;

describe("likes of followed accounts in a personal feed", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("bring in a video that no other source has, and are named as the reason, the friends' first", async () => {
    const liked = await quietVideo(() => fixture.follows.set(7, [9, 8]).set(8, [7]), [9, 8]);
    const pages = await pagesOf(liked);
    assert.ok(pages.length === 10, `${pages.length} of 10`);
    assert.deepEqual(new Set(pages.map(({ reason }) => reason)), new Set(["follow"]));
    assert.deepEqual(pages[0]?.likedByIds, [8, 9]);
    assert.deepEqual(await pagesOf(liked, 10), [], "a viewer who does not follow them");
    await fixture.unlike(liked, 8);
    await fixture.unlike(liked, 9);
    await fixture.settle();
    assert.deepEqual(await pagesOf(liked), [], "likes that are taken back");
  });

  for (const [whose, change] of [
    ["hide their likes", () => void fixture.hidingLikes.add(8)],
    ["are not followed any longer", () => void fixture.follows.set(7, [])],
    ["are hidden by a block", () => void fixture.hidden.set(7, [8])],
    ["are muted", () => fixture.client.mute({ kind: "author", name: "8" }, callOf(7))],
  ] as const)
    it(`do not count of accounts that ${whose}, from the next page on`, async () => {
      const liked = await quietVideo(() => fixture.follows.set(7, [8]).set(8, [7]), [8]);
      assert.ok((await pagesOf(liked)).length === 10);
      await change();
      assert.deepEqual(await pagesOf(liked), []);
    });

  it("are left out while the user service is away", async () => {
    const liked = await quietVideo(() => fixture.follows.set(7, [8]), [8]);
    fixture.isUserDown = true;
    assert.deepEqual(await pagesOf(liked), []);
    assert.equal((await fixture.client.feed({ limit: 10 }, callOf(7))).items.length, 10);
  });

  it("do not count of a group of new accounts", async () => {
    const group = Array.from({ length: 60 }, (_, n) => (tickOf(fixture.clockMs + 15.9 * dayMs) * 64 + 1) * 1_024 + n);
    const pushed = await quietVideo(() => fixture.follows.set(7, [8]), group);
    assert.deepEqual(await pagesOf(pushed), []);
  });

  it("are known again after a start", async () => {
    const liked = await quietVideo(() => undefined, [8]);
    const memory = new Memory({ ...fixture.parts, now: () => fixture.clockMs });
    await memory.refresh();
    assert.deepEqual([...memory.learner.likes.of(8).keys()], [liked]);
  });
});

describe("the strength of likes", () => {
  const nowMs = Date.UTC(2026, 10, 20);
  const pool = new VideoPool();
  for (let videoId = 1; videoId <= 40; videoId++)
    pool.put({
      videoId,
      userId: author,
      publishedAtMs: 0,
      durationMs: 60_000,
      categoryId: null,
      hotScore: 0,
      impressionCount: 0,
      tags: [],
    });
  const like = (userId: number, videoId: number, agoMs: number, isLiked = true) => ({
    userId,
    videoId,
    isLiked,
    beganAtMs: nowMs - agoMs,
  });
  const strengths = (likes: RecentLikes, userIds: number[], friends: number[] = []) => {
    const friendIds = new Set(friends);
    const likerIds = likersOf({ userIds, friendIds }, { userIds: [], videoIds: [], tags: [] }, likes);
    return strengthsOf(likerIds, { friendIds, likes, pool, nowMs });
  };

  it("is twice as much for a friend, halves in three days, adds up to 1, and ends after two weeks", () => {
    const likes = new RecentLikes();
    for (const userId of [8, 9]) likes.add(like(userId, 1, 0));
    likes.add(like(9, 2, 3 * dayMs));
    likes.add(like(9, 3, 15 * dayMs));
    assert.deepEqual(
      strengths(likes, [9]),
      new Map([1, 2].map((id, n) => [id, { strength: 0.5 / (n + 1), userIds: [9] }])),
    );
    assert.equal(strengths(likes, [8], [8]).get(1)?.strength, 1);
    assert.deepEqual(strengths(likes, [9, 8], [8]).get(1), { strength: 1, userIds: [8, 9] });
    likes.add(like(author, 4, 0));
    assert.deepEqual(strengths(likes, [author]), new Map(), "authors say nothing about their own videos");
    likes.add(like(9, 1, 0, false));
    assert.deepEqual(strengths(likes, [9]).get(1), undefined);
  });

  it("is of the last twenty likes of each, and of an unknown video nothing", () => {
    const likes = new RecentLikes();
    for (let videoId = 1; videoId <= 30; videoId++) likes.add(like(9, videoId, 0));
    likes.add(like(9, 99, 0));
    assert.deepEqual(
      [...strengths(likes, [9]).keys()],
      Array.from({ length: 19 }, (_, n) => 12 + n),
    );
  });
});

const fixture = new FeedFixture();

/** An old video that these users liked two days ago, before many others: neither new nor hot, which viewers want little of. */
async function quietVideo(follow: () => unknown, likers: readonly number[]): Promise<number> {
  const videoId = await fixture.publish({ userId: author });
  fixture.clockMs += 16 * dayMs;
  for (const userId of likers) await fixture.like(videoId, userId);
  fixture.clockMs += 2 * dayMs;
  for (let n = 0; n < 70; n++) await fixture.publish({ userId: 400 + n });
  await fixture.settle();
  for (const viewer of [7, 10])
    await fixture.client.setFeedSettings({ following: 2, popular: -2, fresh: -2 }, callOf(viewer));
  follow();
  return videoId;
}

/** The places of a video in ten pages of a viewer. */
async function pagesOf(videoId: number, viewer = 7) {
  const pages = [];
  for (let n = 0; n < 10; n++) pages.push((await fixture.client.feed({ limit: 10 }, callOf(viewer))).items);
  return pages.flatMap((items) => items.filter((item) => item.videoId === videoId));
}
