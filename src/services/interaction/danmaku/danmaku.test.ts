import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import fc from "fast-check";
import { perSecondMax, thin, passesFilters } from "./density.ts";
import type { Tables } from "../store.ts";
import { owner, service, Stand } from "../testing.ts";

describe("danmaku", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("are fetched in stretches of thirty seconds, in the order of their positions", async () => {
    for (const [positionMs, content] of [
      [31_000, "later"],
      [29_999, "b"],
      [1, "a"],
    ] as const)
      await client.sayAt({ id: 1, positionMs, content, color: 0xff0000, mode: "top" }, callOf(7));
    const first = await client.danmaku({ id: 1, bucket: 0 }, callOf(7));
    assert.deepEqual(
      first.items.map(({ content, positionMs, color, mode, isMine }) => [content, positionMs, color, mode, isMine]),
      [
        ["a", 1, 0xff0000, "top", true],
        ["b", 29_999, 0xff0000, "top", true],
      ],
    );
    const second = await client.danmaku({ id: 1, bucket: 1 }, callOf());
    assert.deepEqual(
      second.items.map(({ content, isMine }) => [content, isMine]),
      [["later", false]],
    );
  });

  it("are what viewers of a live room wrote, over its recording, once and without those of deleted accounts", async () => {
    const written = [
      [7, 1_000, "first"],
      [8, 2_000, "of who is deleted"],
      [9, 2_500, "x".repeat(300)],
      [7, 31_000, "later"],
      [7, 40_000, "last"],
    ] as const;
    for (const [place, [userId, positionMs, content]] of written.entries())
      stand.chat.push({ seq: place * 3 + 1, userId, positionMs, content, createdAtMs: 5 });
    await stand.deleteUser(8);
    await stand.host.drain();
    await stand.recorded(1);
    const inBucket = async (bucket: number) =>
      (await client.danmaku({ id: 1, bucket }, callOf(7))).items.map(({ content, isMine }) => [content, isMine]);
    assert.deepEqual(await inBucket(0), [
      ["first", true],
      ["x".repeat(100), false],
    ]);
    assert.deepEqual(await inBucket(1), [
      ["later", true],
      ["last", true],
    ]);
    // Some were deleted in the room meanwhile, so that pages begin elsewhere.
    stand.chat.shift();
    await stand.recorded(1);
    assert.equal((await inBucket(0)).length, 2);
    await stand.deleteVideo(2);
    await stand.host.drain();
    await stand.recorded(2);
    await assert.doesNotReject(stand.recorded(404));
  });

  it("have a position that services look up by their ids", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 14_000, content: "here" }, callOf(7));
    assert.deepEqual(await client.danmakuPositions({ ids: [id, 1] }, service), { items: [{ id, positionMs: 14_000 }] });
  });

  it("are thinned to a readable number per second", async () => {
    for (let n = 0; n < perSecondMax + 5; n++)
      await client.sayAt({ id: 1, positionMs: 500 + n, content: `n${n}` }, callOf(7));
    const { items, isThinned } = await client.danmaku({ id: 1, bucket: 0 }, callOf());
    assert.deepEqual([items.length, isThinned, items.at(-1)?.content], [perSecondMax, true, `n${perSecondMax + 4}`]);
  });

  it("at the end of a stretch are returned after many at its beginning", async () => {
    const seconds = 20;
    const rows = Array.from({ length: 2_200 }, (_, n) => ({
      id: 1_000 + n,
      video_id: 1,
      user_id: 7,
      position_ms: (n % seconds) * 1_000,
      content: `n${n}`,
      color: 0,
      mode: "scroll",
      created_at_ms: 0,
    }));
    await stand.host
      .database<Tables>("interaction")
      .tx((tx) => tx.insertInto("interaction.danmaku").values(rows).execute());
    await client.sayAt({ id: 1, positionMs: 29_000, content: "late" }, callOf(7));
    const { items, isThinned } = await client.danmaku({ id: 1, bucket: 0 }, callOf());
    assert.deepEqual([items.length, isThinned, items.at(-1)?.content], [seconds * perSecondMax + 1, true, "late"]);
    assert.ok(items.slice(0, -1).every(({ id }) => id >= 1_000 + 2_200 - seconds * perSecondMax));
  });

  it("that a viewer filters are left out for that viewer alone", async () => {
    await client.sayAt({ id: 1, positionMs: 1, content: "SPOILER!" }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 2, content: "by eight" }, callOf(8));
    await client.sayAt({ id: 1, positionMs: 3, content: "at the top", mode: "top" }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 4, content: "left" }, callOf(7));
    await client.setDanmakuFilters({ words: ["spoiler"], userIds: [8], modes: ["top"] }, callOf(9));
    const contents = async (userId?: number) =>
      (await client.danmaku({ id: 1, bucket: 0 }, callOf(userId))).items.map(({ content }) => content);
    assert.deepEqual(await contents(9), ["left"]);
    assert.equal((await contents()).length, 4);
    const filters = { words: ["spoiler"], userIds: [8], modes: ["top"], hiddenCount: 0 };
    assert.deepEqual(await client.danmakuFilters({}, callOf(9)), filters);
  });

  it("of an author are hidden from one viewer alone, who never learns who the author is", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 1, content: "one" }, callOf(7));
    const { id: other } = await client.sayAt({ id: 1, positionMs: 2, content: "two" }, callOf(7));
    await client.sayAt({ id: 2, positionMs: 3, content: "elsewhere" }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 4, content: "by eight" }, callOf(8));
    const contents = async (by?: number, of = 1) =>
      (await client.danmaku({ id: of, bucket: 0 }, callOf(by))).items.map(({ content }) => content);
    const kept = { words: ["x"], userIds: [5], modes: [] };
    await client.setDanmakuFilters(kept, callOf(9));
    for (const hidden of [id, id, other])
      assert.deepEqual(await client.hideAuthor({ id: hidden }, callOf(9)), { ...kept, hiddenCount: 1 });
    assert.deepEqual([await contents(9), await contents(9, 2)], [["by eight"], []]);
    for (const by of [undefined, 7, 8]) assert.equal((await contents(by)).length, 3);
    // A change of the others keeps these.
    assert.deepEqual(await client.setDanmakuFilters({ ...kept, words: [] }, callOf(9)), {
      ...kept,
      words: [],
      hiddenCount: 1,
    });
    for (let n = 0; n < 2; n++)
      assert.equal((await client.showAuthor({ id: other }, callOf(9))).hiddenCount, 0, "by another of theirs");
    assert.equal((await contents(9)).length, 3);
  });

  it("of all hidden authors can be shown again, and a viewer's own are never hidden", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 1, content: "mine" }, callOf(9));
    assert.equal((await client.hideAuthor({ id }, callOf(9))).hiddenCount, 0);
    for (const by of [7, 8]) {
      const said = await client.sayAt({ id: 1, positionMs: 2, content: `by ${by}` }, callOf(by));
      await client.hideAuthor({ id: said.id }, callOf(9));
      await client.hideAuthor({ id: said.id }, callOf(6));
    }
    assert.equal((await client.danmakuFilters({}, callOf(9))).hiddenCount, 2);
    assert.equal((await client.showAuthors({}, callOf(9))).hiddenCount, 0);
    assert.equal((await client.danmaku({ id: 1, bucket: 0 }, callOf(9))).items.length, 3);
    assert.equal((await client.danmakuFilters({}, callOf(6))).hiddenCount, 2);
    await stand.deleteUser(7);
    await stand.host.drain();
    assert.equal((await client.danmakuFilters({}, callOf(6))).hiddenCount, 1, "a deleted author hides nothing");
  });

  it("that the caller cannot see hide no author, and 500 authors can be hidden at most", async () => {
    const { id: unseen } = await client.sayAt({ id: 77, positionMs: 1, content: "x" }, callOf(owner));
    for (const id of [unseen, 99])
      for (const way of [client.hideAuthor, client.showAuthor])
        await assert.rejects(way({ id }, callOf(7)), { code: "danmaku.not_found", http: 404 });
    const { id } = await client.sayAt({ id: 1, positionMs: 1, content: "x" }, callOf(8));
    const db = stand.host.database<Tables>("interaction");
    const hidden = Array.from({ length: 500 }, (_, n) => ({ user_id: 7, hidden_id: 1_000 + n }));
    await db.tx((tx) => tx.insertInto("interaction.hidden_danmaku_authors").values(hidden).execute());
    await assert.rejects(client.hideAuthor({ id }, callOf(7)), { code: "danmaku.too_many_hidden", http: 409 });
    assert.equal((await client.danmakuFilters({}, callOf(7))).hiddenCount, 500);
  });

  it("are refused past the end, where comments are off, and under a video that the caller may not see", async () => {
    await assert.rejects(client.sayAt({ id: 1, positionMs: 60_001, content: "x" }, callOf(7)), {
      code: "danmaku.past_the_end",
      http: 400,
    });
    await assert.rejects(client.sayAt({ id: 55, positionMs: 1, content: "x" }, callOf(7)), { http: 403 });
    await assert.rejects(client.danmaku({ id: 77, bucket: 0 }, callOf(7)), { code: "video.not_found" });
    const { id } = await client.sayAt({ id: 77, positionMs: 1, content: "x" }, callOf(owner));
    await assert.rejects(client.unsayAt({ id }, callOf(7)), { code: "danmaku.not_found", http: 404 });
  });

  it("are refused on a video that is deleted after the access check", async () => {
    stand.vanishing = 66;
    await assert.rejects(stand.client.sayAt({ id: 66, positionMs: 0, content: "late" }, callOf(1)), {
      code: "video.not_found",
    });
    stand.vanishing = 0;
  });

  it("are deleted by their author or the owner of the video", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 1, content: "x" }, callOf(7));
    await assert.rejects(client.unsayAt({ id }, callOf(8)), { http: 403 });
    await client.unsayAt({ id }, callOf(owner));
    await assert.rejects(client.unsayAt({ id }, callOf(7)), { http: 404 });
    assert.deepEqual((await client.danmaku({ id: 1, bucket: 0 }, callOf())).items, []);
  });

  it("are restored after a moderator removed them", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 5, content: "ha", color: 1, mode: "top" }, callOf(7));
    const shown = async () => (await client.danmaku({ id: 1, bucket: 0 }, callOf(7))).items;
    const danmakuIds = async () => (await client.batch({ kind: "danmaku" }, service)).items.map((one) => one.id);
    const before = await shown();
    await stand.judge("taken", { kind: "danmaku", id });
    assert.deepEqual([await shown(), await danmakuIds()], [[], [id]]);
    for (let n = 0; n < 2; n++) await stand.judge("given", { kind: "danmaku", id });
    assert.deepEqual([await shown(), await danmakuIds()], [before, [id]]);
  });

  it("are thinned to the newest of each second, in the order of their positions", () => {
    const said = fc.array(fc.record({ id: fc.nat(10_000), positionMs: fc.nat(5_000) }), { maxLength: 80 });
    fc.assert(
      fc.property(said, fc.integer({ min: 1, max: 5 }), (items, max) => {
        const kept = thin(items, max);
        for (const one of kept) {
          const second = kept.filter(
            ({ positionMs }) => Math.floor(positionMs / 1_000) === Math.floor(one.positionMs / 1_000),
          );
          assert.ok(second.length <= max);
        }
        assert.ok(kept.every((one, n) => n === 0 || (kept[n - 1]?.positionMs ?? 0) <= one.positionMs));
        const dropped = items.filter((one) => !kept.includes(one));
        for (const one of dropped)
          assert.ok(
            kept.filter(
              (other) =>
                Math.floor(other.positionMs / 1_000) === Math.floor(one.positionMs / 1_000) && other.id >= one.id,
            ).length === max,
          );
      }),
    );
    assert.ok(
      !passesFilters(
        { content: "ＳＰＯＩＬＥＲ", userId: 1, mode: "scroll" },
        { words: ["spoiler"], userIds: [], modes: [] },
      ),
    );
  });
});

const stand = new Stand();
const { client } = stand;
