import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { retentionBuckets } from "../contract.ts";
import { owner, service, Stand } from "../testing.ts";

describe("imported activity", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("adds views by day and source, watch time, retention, and likes with their times", async () => {
    const today = Math.floor(stand.clockMs / dayMs);
    await client.importActivity(activityOf(today), service);
    const { items } = await client.states({ videoIds: [1] }, service);
    assert.deepEqual(
      items.map(({ playCount, likeCount }) => [playCount, likeCount]),
      [[60, 2]],
    );
    const { series, sources, retention, averageViewMs } = await client.videoAnalytics(
      { id: 1, days: 7 },
      callOf(owner),
    );
    assert.deepEqual(
      series.slice(-3).map(({ views, watchTimeMs }) => [views, watchTimeMs]),
      [
        [0, 0],
        [40, 400_000],
        [20, 200_000],
      ],
    );
    assert.deepEqual(sources, [
      { source: "feed", views: 40 },
      { source: "search", views: 20 },
    ]);
    assert.deepEqual([retention[0], averageViewMs], [0.5, 10_000]);
    const days = await client.days({ id: 1 }, callOf(owner));
    assert.deepEqual(
      days.items.slice(-2).map(({ viewCount, likeCount }) => [viewCount, likeCount]),
      [
        [40, 1],
        [20, 1],
      ],
    );
    await stand.host.drain();
    assert.deepEqual(
      stand.publishedEvents.filter((event) => event.startsWith("liked")),
      [],
      "a like of the past notifies its author",
    );
  });

  it("sets earlier times of comments of that video alone", async () => {
    const { id } = await client.say({ id: 1, content: "first" }, callOf(7));
    const other = await client.say({ id: 2, content: "elsewhere" }, callOf(7));
    const atMs = stand.clockMs - dayMs;
    const comments = [id, other.id].map((comment) => ({ id: comment, atMs }));
    await client.importActivity({ ...activityOf(0), days: [], likes: [], comments }, service);
    const times = await Promise.all(
      [id, other.id].map(async (comment) => (await client.comment({ id: comment }, callOf())).createdAtMs),
    );
    assert.deepEqual(times, [atMs, stand.clockMs]);
  });

  it("counts once under one idempotency key, and not at all for a video that is not there", async () => {
    const today = Math.floor(stand.clockMs / dayMs);
    for (let n = 0; n < 2; n++)
      await client.importActivity(activityOf(today), { ...service, userId: owner, idempotencyKey: "once" });
    assert.equal((await client.states({ videoIds: [1] }, service)).items[0]?.playCount, 60);
    await assert.rejects(client.importActivity({ ...activityOf(today), id: 404 }, service), {
      code: "video.not_found",
    });
  });
});

const stand = new Stand();
const { client } = stand;
const dayMs = 86_400_000;

/** 60 views of two days, and a like on each. */
const activityOf = (today: number) => ({
  id: 1,
  days: [
    { day: today - 1, source: "feed" as const, views: 40 },
    { day: today, source: "search" as const, views: 20 },
  ],
  averageViewMs: 10_000,
  retention: Array.from({ length: retentionBuckets }, () => 0.5),
  likes: [
    { userId: 7, atMs: (today - 1) * dayMs },
    { userId: 8, atMs: today * dayMs },
  ],
  comments: [] as { id: number; atMs: number }[],
});
