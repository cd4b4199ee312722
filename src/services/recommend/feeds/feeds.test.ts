import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { FeedFixture, stranger } from "../testing.ts";

describe("a feed", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("has the latest videos with hot ones among them, and says why each is there", async () => {
    const hot = await fixture.publish();
    const followed = await fixture.publish({ userId: 200 });
    const latest = await fixture.publish();
    await fixture.view(hot, 9);
    fixture.follows.set(7, [200]);
    await fixture.turnPersonalOff(7);
    assert.deepEqual(await feed(7), [
      [latest, "fresh"],
      [hot, "hot"],
      [followed, "follow"],
    ]);
    assert.deepEqual((await feed()).at(-1), [followed, "fresh"]);
    fixture.isRelationDown = true;
    assert.deepEqual((await feed(7)).at(-1), [followed, "fresh"]);
    fixture.clockMs += 48 * 3_600_000;
    assert.deepEqual((await feed()).at(-1), [hot, "fresh"], "a hot one of the day before yesterday is hot no longer");
  });

  it("is read to its end without a repeat while videos are published, viewed and deleted", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 14; n++) ids.push(await fixture.publish());
    await fixture.view(3, 8);
    await fixture.view(9, 8);
    const seen: number[] = [];
    let removed = 0;
    for (let next: string | null | undefined; next !== null; ) {
      const page = await fixture.client.feed({ limit: 4, ...(next && { cursor: next }) }, stranger);
      seen.push(...page.items.map(({ videoId }) => videoId));
      next = page.next;
      await fixture.publish();
      await fixture.view(ids.find((id) => !seen.includes(id)) ?? 1, 20);
      if (removed === 0) await fixture.remove((removed = ids.findLast((id) => !seen.includes(id)) ?? 0));
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      ids.filter((id) => id !== removed),
    );
  });

  it("has own videos, and none of users that a block stands between", async () => {
    const [own, blocked] = [await fixture.publish({ userId: 7 }), await fixture.publish({ userId: 200 })];
    fixture.hidden.set(7, [200]);
    fixture.follows.set(7, [200]);
    await fixture.turnPersonalOff(7);
    assert.deepEqual(await feed(7), [[own, "fresh"]]);
    assert.deepEqual(await idsOf("hot", 7), [own]);
    assert.deepEqual(await idsOf("following", 7), []);
    assert.deepEqual(await idsOf("hot"), [blocked, own]);
  });

  it("of hot videos has the highest score first, and repeats none while others rise", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 6; n++) ids.push(await fixture.publish());
    await fixture.like(2, 7);
    await fixture.view(5, 2);
    const first = await fixture.client.hot({ limit: 2 }, stranger);
    assert.deepEqual(first.items, [
      { videoId: 2, reason: "hot", tag: null },
      { videoId: 5, reason: "hot", tag: null },
    ]);
    await fixture.unlike(2, 7);
    await fixture.view(5, 9);
    const rest = await fixture.client.hot({ limit: 50, cursor: first.next ?? "" }, stranger);
    assert.deepEqual([rest.items.map(({ videoId }) => videoId), rest.next], [[6, 4, 3, 1], null]);
  });

  it("of followed authors has their latest videos, those for followers among them, from the next request on", async () => {
    const ids = [
      await fixture.publish({ userId: 200 }),
      await fixture.publish({ userId: 300 }),
      await fixture.publish({ userId: 200, visibility: "followers" }),
      await fixture.publish({ userId: 400 }),
      await fixture.publish({ userId: 300 }),
    ];
    await fixture.publish({ userId: 200, visibility: "unlisted" });
    await fixture.publish({ userId: 200, visibility: "private" });
    assert.deepEqual(await idsOf("following", 7), []);
    fixture.follows.set(7, [200, 300]);
    assert.deepEqual(await idsOf("following", 7), [ids[4], ids[2], ids[1], ids[0]]);
    const first = await fixture.client.following({ limit: 2 }, callOf(7));
    assert.deepEqual(
      first.items.map(({ reason }) => reason),
      ["follow", "follow"],
    );
    await fixture.publish({ userId: 300 });
    await fixture.remove(ids[2] ?? 0);
    const rest = await fixture.client.following({ limit: 2, cursor: first.next ?? "" }, callOf(7));
    assert.deepEqual([rest.items.map(({ videoId }) => videoId), rest.next], [[ids[1], ids[0]], null]);
    fixture.follows.set(7, [300, 400]);
    assert.deepEqual((await idsOf("following", 7)).slice(1), [ids[4], ids[3], ids[1]]);
    await assert.rejects(fixture.client.following({}, stranger), { http: 401 });
    await assert.rejects(fixture.client.following({ cursor: "bm8" }, callOf(7)), { code: "kernel.bad_cursor" });
  });

  it("names the followed authors, those that published last for their followers first", async () => {
    const atMs = fixture.clockMs;
    await fixture.publish({ userId: 200 });
    await fixture.publish({ userId: 300, visibility: "followers" });
    await fixture.publish({ userId: 200, visibility: "private" });
    await fixture.publish({ userId: 400 });
    fixture.follows.set(7, [500, 200, 300, 600]);
    const authors = async (limit: number) => (await fixture.client.followedAuthors({ limit }, callOf(7))).items;
    assert.deepEqual(await authors(50), [
      { userId: 300, publishedAtMs: atMs + 120_000 },
      { userId: 200, publishedAtMs: atMs + 60_000 },
      { userId: 600, publishedAtMs: null },
      { userId: 500, publishedAtMs: null },
    ]);
    await fixture.publish({ userId: 600 });
    assert.deepEqual(
      (await authors(2)).map(({ userId }) => userId),
      [600, 300],
    );
    await assert.rejects(fixture.client.followedAuthors({}, stranger), { http: 401 });
  });

  it("of followed authors agrees with a naive model for more follows than one batch has", async () => {
    const authors = Array.from({ length: 2_500 }, (_, n) => 1_000 + n);
    fixture.follows.set(7, authors);
    const expected: number[] = [];
    for (const userId of [1_000, 3_499, 2_222, 1_000, 5_000]) {
      const id = await fixture.publish({ userId });
      if (userId < 5_000) expected.unshift(id);
    }
    assert.deepEqual(await idsOf("following", 7), expected);
  });

  it("is begun anew by a refresh without the videos that any feed has just served", async () => {
    // The cache is not emptied between two cases: these users are in no other.
    for (let n = 0; n < 9; n++) await fixture.publish({ userId: n === 0 ? 200 : 100 });
    fixture.follows.set(70, [200]);
    await fixture.turnPersonalOff(70);
    await fixture.turnPersonalOff(80);
    await assert.rejects(fixture.client.refresh({}, stranger), { http: 401 });
    const served = (await fixture.client.feed({ limit: 3 }, callOf(70))).items.map(({ videoId }) => videoId);
    assert.deepEqual(served, [9, 8, 7]);
    await idsOf("following", 70);
    const refreshed = async (by: number) =>
      (await fixture.client.refresh({ limit: 3 }, callOf(by))).items.map(({ videoId }) => videoId);
    assert.deepEqual(await refreshed(70), [6, 5, 4]);
    assert.deepEqual(await refreshed(70), [3, 2]);
    assert.deepEqual(await refreshed(70), []);
    assert.deepEqual(await refreshed(80), [9, 8, 7], "others are served what they are");
    const fresh = await fixture.publish();
    assert.deepEqual(await refreshed(70), [fresh]);
  });
});

const fixture = new FeedFixture();

async function feed(by?: number): Promise<[number, string][]> {
  const { items } = await fixture.client.feed({}, callOf(by));
  return items.map(({ videoId, reason }) => [videoId, reason]);
}
async function idsOf(which: "hot" | "following", by?: number): Promise<number[]> {
  const { items } = await fixture.client[which]({ limit: 50 }, callOf(by));
  return items.map(({ videoId }) => videoId);
}
