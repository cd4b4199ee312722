import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import type { z } from "zod";
import type { recommend } from "./contract.ts";
import type { Tables } from "./store.ts";
import { FeedFixture, stranger } from "./testing.ts";

describe("the list of public videos", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is in the order of hot scores, of publication or of views", async () => {
    const [quiet, viewed, liked] = [await fixture.publish(), await fixture.publish(), await fixture.publish()];
    await fixture.view(viewed, 3);
    for (const userId of [7, 8]) await fixture.like(liked, userId);
    await fixture.share(liked);
    assert.deepEqual(await listed({}), [liked, viewed, quiet]);
    assert.deepEqual(await listed({ sort: "latest" }), [liked, viewed, quiet]);
    assert.deepEqual(await listed({ sort: "popular" }), [viewed, liked, quiet]);
    await fixture.view(quiet, 20);
    assert.deepEqual(await listed({}), [quiet, liked, viewed]);
    assert.deepEqual(await listed({ sort: "popular" }), [quiet, viewed, liked]);
  });

  it("has the trending score of a video halve each day, so that fresh ones overtake it", async () => {
    const old = await fixture.publish();
    await fixture.view(old, 3);
    fixture.clockMs += 12 * 3_600_000;
    const second = await fixture.publish();
    assert.deepEqual(await listed({}), [old, second]);
    fixture.clockMs += 24 * 3_600_000;
    assert.deepEqual(await listed({}), [old, second], "time alone changes no order");
    const third = await fixture.publish();
    assert.deepEqual(await listed({}), [third, old, second]);
  });

  it("gains nothing from likes that are taken back and given again, nor from authors themselves", async () => {
    const id = await fixture.publish();
    await fixture.like(id, 7);
    const score = await scoreOf(id);
    for (let n = 0; n < 5; n++) {
      await fixture.unlike(id, 7);
      await fixture.like(id, 7);
    }
    await fixture.view(id, 5, 100);
    await fixture.like(id, 100);
    assert.equal(await scoreOf(id), score);
    await fixture.like(id, 8);
    assert.ok((await scoreOf(id)) > score);
  });

  it("gives no score for being taken down and restored", async () => {
    const id = await fixture.publish();
    const score = await scoreOf(id);
    await fixture.change(id, { publishedAtMs: null });
    assert.deepEqual(await listed({}), []);
    await fixture.change(id, {});
    assert.deepEqual([await listed({}), await scoreOf(id)], [[id], score]);
  });

  it("can be narrowed by category, shape and length; a square video is wide", async () => {
    const [wide, square, upright] = [
      await fixture.publish({ width: 640, height: 360, categoryId: 2, durationMs: 10_000 }),
      await fixture.publish({ width: 500, height: 500, categoryId: 3, durationMs: 20_500 }),
      await fixture.publish({ width: 360, height: 640, categoryId: 2, durationMs: 30_000 }),
    ];
    for (const sort of ["trending", "latest", "popular"] as const) {
      assert.deepEqual(await listed({ sort, shape: "wide" }), [square, wide]);
      assert.deepEqual(await listed({ sort, shape: "upright" }), [upright]);
      assert.deepEqual(await listed({ sort, categoryId: 2 }), [upright, wide]);
      assert.deepEqual(await listed({ sort, categoryId: 2, shape: "wide", maxDurationMs: 10_000 }), [wide]);
      assert.deepEqual(await listed({ sort, minDurationMs: 20_500 }), [upright, square]);
      assert.deepEqual(await listed({ sort, maxDurationMs: 20_499 }), [wide]);
      assert.deepEqual(await listed({ sort, minDurationMs: 30_001 }), []);
      assert.deepEqual(await listed({ sort, categoryId: 99 }), []);
    }
    await fixture.change(wide, { categoryId: 3, width: 100, height: 101, durationMs: 5_000 });
    assert.deepEqual(await listed({ categoryId: 3, shape: "upright", maxDurationMs: 5_000 }), [wide]);
    const { total } = await fixture.client.videos({ shape: "upright", count: true, limit: 1 }, stranger);
    assert.equal(total, 2);
  });

  it("can be narrowed to one author, in each order", async () => {
    const [first, second] = [await fixture.publish({ userId: 200 }), await fixture.publish({ userId: 200 })];
    await fixture.publish();
    await fixture.publish({ userId: 200, visibility: "followers" });
    await fixture.view(first, 3);
    assert.deepEqual(await listed({ userId: 200, sort: "popular" }), [first, second]);
    assert.deepEqual(await listed({ userId: 200, sort: "latest" }), [second, first]);
    assert.deepEqual(await listed({ userId: 999 }), []);
  });

  it("has public videos alone, while they are public", async () => {
    const id = await fixture.publish();
    for (const visibility of ["unlisted", "private", "followers", "password"] as const)
      await fixture.publish({ visibility });
    assert.deepEqual(await listed({}), [id]);
    await fixture.change(id, { visibility: "private" });
    assert.deepEqual(await listed({}), []);
    await fixture.change(id, { visibility: "public" });
    await fixture.remove(await fixture.publish());
    assert.deepEqual(await listed({}), [id]);
    await fixture.view(999);
    assert.deepEqual(await listed({ sort: "popular" }), [id], "a view that comes before its video shows nothing");
  });

  it("is without the videos of users that a block stands between, and whole for others and while relation is away", async () => {
    const [of100, of200] = [await fixture.publish(), await fixture.publish({ userId: 200 })];
    fixture.hidden.set(7, [200]);
    assert.deepEqual(await listed({}, 7), [of100]);
    assert.deepEqual(
      [await listed({}, 8), await listed({})],
      [
        [of200, of100],
        [of200, of100],
      ],
    );
    const { total } = await fixture.client.videos({ count: true }, callOf(7));
    assert.equal(total, 1);
    fixture.isRelationDown = true;
    assert.deepEqual(await listed({}, 7), [of200, of100]);
  });

  for (const sort of ["trending", "latest", "popular"] as const)
    it(`repeats no video by cursor while videos are published, viewed, liked and deleted (${sort})`, async () => {
      const ids: number[] = [];
      for (let n = 0; n < 12; n++) {
        ids.push(await fixture.publish());
        await fixture.view(n + 1, (n * 7) % 5);
      }
      const seen: number[] = [];
      const touched = new Set<number>();
      for (let next: string | null | undefined; next !== null; ) {
        const page = await fixture.client.videos({ sort, limit: 2, ...(next && { cursor: next }) }, stranger);
        seen.push(...page.items.map(({ videoId }) => videoId));
        next = page.next;
        await fixture.publish();
        const last = seen.at(-1) ?? 0;
        await fixture.like(last, 7);
        await fixture.unlike(last, 7);
        const unseen = ids.find((id) => !seen.includes(id) && !touched.has(id));
        if (unseen !== undefined && touched.size < 3) {
          touched.add(unseen);
          await (touched.size === 2 ? fixture.remove(unseen) : fixture.view(unseen, 9));
        }
      }
      assert.equal(new Set(seen).size, seen.length, "nothing twice");
      assert.deepEqual(
        ids.filter((id) => !seen.includes(id) && !touched.has(id)),
        [],
        "a video that did not rise is there",
      );
    });
});

const fixture = new FeedFixture();

async function listed(
  input: z.input<(typeof recommend)["methods"]["videos"]["input"]>,
  by?: number,
): Promise<number[]> {
  const { items } = await fixture.client.videos(input, callOf(by));
  return items.map(({ videoId }) => videoId);
}
async function scoreOf(videoId: number): Promise<number> {
  const row = await fixture.host
    .database<Tables>("recommend")
    .selectFrom("recommend.candidates as candidates")
    .select("hot_score as hotScore")
    .where("video_id", "=", videoId)
    .executeTakeFirstOrThrow();
  return row.hotScore;
}
