import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { Random } from "#test/random";
import fc from "fast-check";
import { isView, slotOf } from "./history/view-count.ts";
import type { Tables } from "./store.ts";
import { owner, Stand, service } from "./testing.ts";

describe("interaction", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => host[Symbol.asyncDispose]());

  it("counts a like once, and shows it in the next read", async () => {
    assert.deepEqual(await client.like({ id: 1 }, callOf(7)), { liked: true, likeCount: 1 });
    assert.deepEqual(await client.like({ id: 1 }, callOf(7)), { liked: true, likeCount: 1 });
    assert.deepEqual(await client.like({ id: 1 }, callOf(8)), { liked: true, likeCount: 2 });
    assert.deepEqual(await client.unlike({ id: 1 }, callOf(7)), { liked: false, likeCount: 1 });
    assert.deepEqual(await client.unlike({ id: 1 }, callOf(7)), { liked: false, likeCount: 1 });
    await host.drain();
    assert.deepEqual(stand.publishedEvents, ["liked:1:7", "liked:1:8", "unliked:1:7"]);
  });

  it("keeps counts equal to rows when fifty users like and unlike two hundred times concurrently (S7.2)", async () => {
    const db = host.database<Pick<Tables, "interaction.likes">>("interaction");
    const videoIds = [1, 2, 3];
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const acts = Array.from({ length: 200 }, () => {
        const call = callOf(random.whole(10, 59));
        const id = random.whole(1, 3);
        return random.whole(1, 3) === 1 ? client.unlike({ id }, call) : client.like({ id }, call);
      });
      await Promise.all(acts);
      const rows = await db.selectFrom("interaction.likes").select(["video_id", "user_id"]).execute();
      const { items } = await client.states({ videoIds }, service);
      for (const { videoId, likeCount } of items)
        assert.equal(likeCount, rows.filter((row) => row.video_id === videoId).length, `seed ${seed}`);
      const people = [owner, ...Array.from({ length: 50 }, (_, n) => 10 + n)];
      const { items: counted } = await client.authorCounts({ userIds: people }, service);
      for (const { userId, likeCount, likedCount } of counted) {
        assert.equal(likeCount, userId === owner ? rows.length : 0, `seed ${seed}: got by ${userId}`);
        const givenLikes = rows.filter((row) => row.user_id === userId).length;
        assert.equal(likedCount, givenLikes, `seed ${seed}: given by ${userId}`);
      }
    }
    await host.drain();
    assert.deepEqual(await host.findings("interaction"), []);
  });

  it("counts a view once per viewer and half hour, after enough was watched", async () => {
    const watched = (positionMs: number, userId?: number, source?: string) =>
      client.play({ id: 1, positionMs }, callOf(userId, source === undefined ? {} : { source }));
    await watched(1_000, 7);
    await watched(3_000, 7);
    await watched(5_000, 7);
    await watched(3_000, undefined, "a");
    await watched(3_000, undefined, "a");
    await watched(3_000, undefined, "b");
    stand.clockMs += 31 * 60_000;
    await watched(3_000, 7);
    const { items } = await client.states({ videoIds: [1] }, service);
    assert.equal(items[0]?.playCount, 4);
    await host.drain();
    assert.equal(stand.publishedEvents.length, 4);
  });

  it("answers 404 for a video that the caller may not see", async () => {
    for (const act of [
      () => client.like({ id: 404 }, callOf(7)),
      () => client.unlike({ id: 404 }, callOf(7)),
      () => client.play({ id: 404, finished: true }, callOf()),
    ])
      await assert.rejects(act, { code: "video.not_found", http: 404 });
    await assert.rejects(client.like({ id: 1 }, callOf()), { http: 401 });
  });

  it("accepts no act on a video that its owner hides, before the local copy knows", async () => {
    await stand.show(77, "public", 1);
    for (const act of [
      () => client.like({ id: 77 }, callOf(7)),
      () => client.unlike({ id: 77 }, callOf(7)),
      () => client.play({ id: 77, finished: true }, callOf(7)),
      () => client.share({ id: 77 }, callOf(7)),
      () => client.favorite({ id: 77 }, callOf(7)),
      () => client.say({ id: 77, content: "Late" }, callOf(7)),
    ])
      await assert.rejects(act, { code: "video.not_found", http: 404 }, String(act));
  });

  it("answers zeros for videos without counts, and marks the viewer's likes and favourites", async () => {
    await client.like({ id: 1 }, callOf(7));
    const { items } = await client.states({ videoIds: [2, 1] }, callOf(7, { caller: "test" }));
    const zero = { playCount: 0, commentCount: 0, shareCount: 0, favoriteCount: 0, isFavorited: false, positionMs: 0 };
    assert.deepEqual(
      items.toSorted((a, b) => a.videoId - b.videoId),
      [
        { videoId: 1, likeCount: 1, isLiked: true, ...zero },
        { videoId: 2, likeCount: 0, isLiked: false, ...zero },
      ],
    );
  });

  it("deletes the rows of deleted videos and users, and their part of every count", async () => {
    await client.like({ id: 1 }, callOf(7));
    await client.like({ id: 1 }, callOf(8));
    await client.like({ id: 2 }, callOf(7));
    await stand.deleteUser(7);
    await host.drain();
    const counts = async () => (await client.states({ videoIds: [1, 2] }, service)).items.map((item) => item.likeCount);
    assert.deepEqual(await counts(), [1, 0]);
    await stand.deleteVideo(1);
    await host.drain();
    assert.deepEqual(await counts(), [0, 0]);
    assert.deepEqual((await client.authorCounts({ userIds: [1_000] }, service)).items, [
      { userId: 1_000, likeCount: 0, likedCount: 0, favoriteCount: 0 },
    ]);
  });

  it("stores nothing for a video that is deleted between the access check and the like or view", async () => {
    const acts = [
      (id: number) => client.like({ id }, callOf(7)),
      (id: number) => client.play({ id, finished: true }, callOf(7)),
    ];
    for (const [n, act] of acts.entries()) {
      stand.vanishing = 50 + n;
      await assert.rejects(act(stand.vanishing), { code: "video.not_found", http: 404 });
    }
    stand.vanishing = 0;
    await host.drain();
    assert.deepEqual(await left(), { likes: 0, views: 0, counted: 0 });
    assert.deepEqual(stand.publishedEvents, []);
  });

  it("stores nothing for a video that is deleted while many users like and watch it", async () => {
    const acts = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0
        ? client.play({ id: 60, finished: true }, callOf(100 + i))
        : i % 3 === 1
          ? client.like({ id: 60 }, callOf(100 + i))
          : client.like({ id: 60 }, callOf(100 + i)).then(() => client.unlike({ id: 60 }, callOf(100 + i))),
    );
    await Promise.race(acts);
    await stand.deleteVideo(60);
    const outcomes = await Promise.allSettled(acts);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") assert.equal(outcome.reason.code, "video.not_found");
    await host.drain();
    assert.deepEqual(await left(), { likes: 0, views: 0, counted: 0 });
  });

  it("counts a view after three seconds or 30 % of the video", () => {
    assert.deepEqual(
      [
        isView(2_999, false, 60_000),
        isView(3_000, false, 60_000),
        isView(900, false, 3_000),
        isView(899, false, 3_000),
        isView(0, true, 0),
        isView(500, false, 0),
      ],
      [false, true, true, false, true, false],
    );
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(100_000), (a, b, length) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        assert.ok(!isView(less, false, length) || isView(more, false, length), "watching more never counts less");
      }),
    );
    assert.equal(slotOf(30 * 60_000) - slotOf(30 * 60_000 - 1), 1);
  });
});

const stand = new Stand();
const { host, client } = stand;

/** How much is kept of all videos together. */
async function left() {
  const db = host.database<Tables>("interaction");
  const rowsOf = async (table: "interaction.likes" | "interaction.views") =>
    (await db.selectFrom(table).select("video_id").execute()).length;
  const counts = await db.selectFrom("interaction.video_counts").select(["like_count", "play_count"]).execute();
  const counted = counts.reduce((sum, { like_count, play_count }) => sum + like_count + play_count, 0);
  return { likes: await rowsOf("interaction.likes"), views: await rowsOf("interaction.views"), counted };
}
