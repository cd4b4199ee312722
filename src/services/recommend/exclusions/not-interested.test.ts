import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { Random } from "#test/random";
import type { Scope, Tables } from "../store.ts";
import { FeedFixture, stranger } from "../testing.ts";

describe("what a user is not interested in", () => {
  before(() => fixture.start());
  beforeEach(async () => {
    await fixture.clear();
    fixture.follows.set(me, [100, 200]);
    // The order of a feed that is the same for everybody.
    await fixture.turnPersonalOff(me);
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is missing in the next page of every list and feed of that user alone, until it is undone", async () => {
    const ids = [
      await fixture.publish({ tags: ["Sea"] }),
      await fixture.publish({ userId: 200, hashtags: ["ＳＥＡ"] }),
      await fixture.publish({ userId: 200 }),
      await fixture.publish(),
    ];
    const [tagged = 0, , second = 0, last = 0] = ids;
    const all = ids.toReversed();
    for (const [scope, id, left] of [
      ["video", last, [second, ids[1], tagged]],
      ["author", second, [last, tagged]],
      ["tag", tagged, [last, second]],
    ] as const) {
      const request = { id, scope, ...(scope === "tag" && { tag: " #sea " }) };
      for (let n = 0; n < 2; n++)
        assert.deepEqual(await fixture.client.markNotInterested(request, callOf(me)), { scope });
      assert.deepEqual(await listed(me), { videos: left, feed: left, hot: left, following: left, before: left }, scope);
      const { total } = await fixture.client.videos({ count: true }, callOf(me));
      assert.equal(total, left.length);
      assert.deepEqual((await listed(8)).videos, all);
      for (let n = 0; n < 2; n++)
        assert.deepEqual(await fixture.client.unmarkNotInterested(request, callOf(me)), { scope });
      assert.deepEqual((await listed(me)).videos, all);
    }
  });

  it("is that of each user where several ask at once", async () => {
    const ids = [await fixture.publish(), await fixture.publish(), await fixture.publish()];
    const [first = 0, second = 0, third = 0] = ids;
    await fixture.client.markNotInterested({ id: first }, callOf(me));
    await fixture.client.markNotInterested({ id: second }, callOf(8));
    const lists = await Promise.all([me, 9, 8, me].map(async (userId) => (await listed(userId)).videos));
    assert.deepEqual(lists, [
      [third, second],
      [third, second, first],
      [third, first],
      [third, second],
    ]);
  });

  it("leaves out what is published later by the author or with the tag", async () => {
    const id = await fixture.publish({ userId: 200, tags: ["sea"] });
    await fixture.client.markNotInterested({ id, scope: "author" }, callOf(me));
    await fixture.client.markNotInterested({ id, scope: "tag", tag: "sea" }, callOf(me));
    await fixture.publish({ userId: 200 });
    await fixture.publish({ hashtags: ["Sea"] });
    const other = await fixture.publish({ tags: ["lake"] });
    assert.deepEqual((await listed(me)).videos, [other]);
    await fixture.change(other, { tags: ["lake", "sea"] });
    assert.deepEqual((await listed(me)).videos, []);
  });

  it("has an author undone at another of their videos, and a tag at any", async () => {
    const [first, second] = [await fixture.publish({ userId: 200 }), await fixture.publish({ userId: 200 })];
    const other = await fixture.publish();
    await fixture.client.markNotInterested({ id: first, scope: "author" }, callOf(me));
    await fixture.client.unmarkNotInterested({ id: other, scope: "author" }, callOf(me));
    await fixture.client.unmarkNotInterested({ id: second, scope: "video" }, callOf(me));
    assert.deepEqual((await listed(me)).videos, [other], "another author and another scope stay as they are");
    await fixture.client.unmarkNotInterested({ id: second, scope: "author" }, callOf(me));
    assert.deepEqual((await listed(me)).videos, [other, second, first]);
  });

  it("is refused for a video that the caller may not see, for a tag without a name, and to strangers", async () => {
    const hidden = await fixture.publish({ visibility: "private" });
    const id = await fixture.publish();
    for (const missing of [hidden, 999]) {
      const refusal = { code: "video.not_found", http: 404 };
      await assert.rejects(fixture.client.markNotInterested({ id: missing }, callOf(me)), refusal);
      await assert.rejects(fixture.client.unmarkNotInterested({ id: missing }, callOf(me)), refusal);
    }
    for (const tag of [undefined, "", " # "])
      await assert.rejects(
        fixture.client.markNotInterested({ id, scope: "tag", ...(tag !== undefined && { tag }) }, callOf(me)),
        { code: "kernel.invalid_input", http: 400 },
      );
    await assert.rejects(fixture.client.markNotInterested({ id }, stranger), { http: 401 });
    await assert.rejects(fixture.client.notInterested({}, stranger), { http: 401 });
    assert.deepEqual((await fixture.client.notInterested({}, callOf(me))).items, []);
  });

  it("is listed with the latest first, and can be undone when the video is hidden by then", async () => {
    const id = await fixture.publish({ userId: 200 });
    await fixture.client.markNotInterested({ id }, callOf(me));
    await fixture.client.markNotInterested({ id, scope: "author" }, callOf(me));
    await fixture.client.markNotInterested({ id, scope: "tag", tag: "Sea" }, callOf(me));
    const { items, total } = await fixture.client.notInterested({ count: true }, callOf(me));
    const createdAtMs = fixture.clockMs;
    assert.deepEqual(items, [
      { scope: "tag", videoId: id, authorId: null, tag: "sea", createdAtMs },
      { scope: "author", videoId: id, authorId: 200, tag: null, createdAtMs },
      { scope: "video", videoId: id, authorId: null, tag: null, createdAtMs },
    ]);
    assert.equal(total, 3);
    await fixture.change(id, { visibility: "private" });
    for (const { scope, tag } of items)
      await fixture.client.unmarkNotInterested({ id, scope, ...(tag !== null && { tag }) }, callOf(me));
    assert.deepEqual((await fixture.client.notInterested({}, callOf(me))).items, []);
  });

  it("is the latest thousand; older ones give way, and those of others do not", async () => {
    const id = await fixture.publish();
    await fixture.client.markNotInterested({ id }, callOf(8));
    await database()
      .insertInto("recommend.not_interested")
      .values(
        Array.from({ length: 1_000 }, (_, n) => ({
          id: n + 1,
          user_id: me,
          scope: "video" as const,
          subject_id: 10_000 + n,
          tag: "",
          video_id: 10_000 + n,
          created_at_ms: 0,
        })),
      )
      .execute();
    await fixture.client.markNotInterested({ id }, callOf(me));
    const rows = await database().selectFrom("recommend.not_interested").select(["user_id", "subject_id"]).execute();
    const own = rows.filter((row) => row.user_id === me).map((row) => row.subject_id);
    assert.deepEqual([rows.length, own.length, own.includes(id), own.includes(10_000)], [1_001, 1_000, true, false]);
  });

  it("is erased with the account of the user, of the author, and with the video", async () => {
    const [first, second] = [await fixture.publish({ userId: 200 }), await fixture.publish({ userId: 100 })];
    for (const by of [me, 8]) {
      await fixture.client.markNotInterested({ id: first, scope: "author" }, callOf(by));
      await fixture.client.markNotInterested({ id: second }, callOf(by));
    }
    await fixture.deleteUser(me);
    const rows = () => database().selectFrom("recommend.not_interested").select(["user_id", "scope"]).execute();
    assert.deepEqual(await rows(), [
      { user_id: 8, scope: "author" },
      { user_id: 8, scope: "video" },
    ]);
    await assert.rejects(fixture.client.markNotInterested({ id: first }, callOf(me)), { http: 401 });
    await fixture.remove(second);
    assert.deepEqual(await rows(), [{ user_id: 8, scope: "author" }]);
    await fixture.deleteUser(200);
    assert.deepEqual(await rows(), []);
  });

  it("agrees with a naive model under a random sequence of marks and undoings", async () => {
    const random = new Random(11);
    const tags = ["sea", "lake", "wind"];
    const videos = new Map<number, { userId: number; tags: string[] }>();
    for (let n = 0; n < 12; n++) {
      const fields = { userId: 100 + random.whole(1, 4), tags: tags.filter(() => random.whole(0, 1) === 0) };
      videos.set(await fixture.publish(fields), fields);
    }
    const marked = new Set<string>();
    for (let n = 0; n < 60; n++) {
      const [id, film] = [...videos][random.whole(0, videos.size - 1)] ?? assert.fail();
      const scope: Scope = (["video", "author", "tag"] as const)[random.whole(0, 2)] ?? "video";
      const tag = tags[random.whole(0, 2)] ?? "";
      const key = `${scope}:${scope === "video" ? id : scope === "author" ? film.userId : tag}`;
      const request = { id, scope, ...(scope === "tag" && { tag }) };
      if (random.whole(0, 1) === 0) {
        marked.add(key);
        await fixture.client.markNotInterested(request, callOf(me));
      } else {
        marked.delete(key);
        await fixture.client.unmarkNotInterested(request, callOf(me));
      }
      const expected = [...videos].filter(
        ([one, { userId, tags: own }]) =>
          !marked.has(`video:${one}`) && !marked.has(`author:${userId}`) && !own.some((t) => marked.has(`tag:${t}`)),
      );
      const { items } = await fixture.client.videos({ sort: "latest", limit: 100 }, callOf(me));
      assert.deepEqual(
        items.map(({ videoId }) => videoId),
        expected.map(([one]) => one).toReversed(),
      );
    }
  });
});

const fixture = new FeedFixture();
const me = 7;
const database = () => fixture.host.database<Tables>("recommend");

async function listed(by: number) {
  const ids = ({ items }: { items: readonly { videoId: number }[] }) => items.map(({ videoId }) => videoId);
  const { client } = fixture;
  return {
    videos: ids(await client.videos({ sort: "latest" }, callOf(by))),
    feed: ids(await client.feed({}, callOf(by))),
    hot: ids(await client.hot({}, callOf(by))),
    following: ids(await client.following({}, callOf(by))),
    before: ids(await client.before({ limit: 50 }, callOf(by, { caller: "test" }))),
  };
}
