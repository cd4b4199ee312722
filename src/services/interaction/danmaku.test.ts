import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/testing";
import fc from "fast-check";
import { perSecondMax, thinned, wanted } from "./density.ts";
import type { Tables } from "./store.ts";
import { owner, service, Stand } from "./testing.ts";

describe("danmaku", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("is fetched by its half minute, in the order of the film", async () => {
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

  it("shows no second more than can be read", async () => {
    for (let n = 0; n < perSecondMax + 5; n++)
      await client.sayAt({ id: 1, positionMs: 500 + n, content: `n${n}` }, callOf(7));
    const { items, isThinned } = await client.danmaku({ id: 1, bucket: 0 }, callOf());
    assert.deepEqual([items.length, isThinned, items.at(-1)?.content], [perSecondMax, true, `n${perSecondMax + 4}`]);
  });

  it("shows what is said late in a stretch in which much was said early", async () => {
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
    await stand.host.database<Tables>("interaction").tx((tx) => tx.insertInto("danmaku").values(rows).execute());
    await client.sayAt({ id: 1, positionMs: 29_000, content: "late" }, callOf(7));
    const { items, isThinned } = await client.danmaku({ id: 1, bucket: 0 }, callOf());
    assert.deepEqual([items.length, isThinned, items.at(-1)?.content], [seconds * perSecondMax + 1, true, "late"]);
    assert.ok(items.slice(0, -1).every(({ id }) => id >= 1_000 + 2_200 - seconds * perSecondMax));
  });

  it("leaves out what a viewer filters, for that viewer alone", async () => {
    await client.sayAt({ id: 1, positionMs: 1, content: "SPOILER!" }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 2, content: "by eight" }, callOf(8));
    await client.sayAt({ id: 1, positionMs: 3, content: "at the top", mode: "top" }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 4, content: "left" }, callOf(7));
    await client.setDanmakuFilters({ words: ["spoiler"], userIds: [8], modes: ["top"] }, callOf(9));
    const contents = async (userId?: number) =>
      (await client.danmaku({ id: 1, bucket: 0 }, callOf(userId))).items.map(({ content }) => content);
    assert.deepEqual(await contents(9), ["left"]);
    assert.equal((await contents()).length, 4);
    assert.deepEqual(await client.danmakuFilters({}, callOf(9)), { words: ["spoiler"], userIds: [8], modes: ["top"] });
  });

  it("is refused past the end, where comments are off, and under what the caller may not see", async () => {
    await assert.rejects(client.sayAt({ id: 1, positionMs: 60_001, content: "x" }, callOf(7)), {
      code: "danmaku.past_the_end",
      http: 400,
    });
    await assert.rejects(client.sayAt({ id: 55, positionMs: 1, content: "x" }, callOf(7)), { http: 403 });
    await assert.rejects(client.danmaku({ id: 77, bucket: 0 }, callOf(7)), { code: "video.not_found" });
    const { id } = await client.sayAt({ id: 77, positionMs: 1, content: "x" }, callOf(owner));
    await assert.rejects(client.unsayAt({ id }, callOf(7)), { code: "danmaku.not_found", http: 404 });
  });

  it("is taken away by whoever said it or owns the video", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 1, content: "x" }, callOf(7));
    await assert.rejects(client.unsayAt({ id }, callOf(8)), { http: 403 });
    await client.unsayAt({ id }, callOf(owner));
    await assert.rejects(client.unsayAt({ id }, callOf(7)), { http: 404 });
    assert.deepEqual((await client.danmaku({ id: 1, bucket: 0 }, callOf())).items, []);
  });

  it("comes back after a moderator took it away", async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 5, content: "ha", color: 1, mode: "top" }, callOf(7));
    const shown = async () => (await client.danmaku({ id: 1, bucket: 0 }, callOf(7))).items;
    const known = async () => (await client.batch({ kind: "danmaku" }, service)).items.map((one) => one.id);
    const before = await shown();
    await stand.judge("taken", { kind: "danmaku", id });
    assert.deepEqual([await shown(), await known()], [[], [id]]);
    for (let n = 0; n < 2; n++) await stand.judge("given", { kind: "danmaku", id });
    assert.deepEqual([await shown(), await known()], [before, [id]]);
  });

  it("keeps the newest of each second and the order of the film, whatever is said", () => {
    const said = fc.array(fc.record({ id: fc.nat(10_000), positionMs: fc.nat(5_000) }), { maxLength: 80 });
    fc.assert(
      fc.property(said, fc.integer({ min: 1, max: 5 }), (items, max) => {
        const kept = thinned(items, max);
        for (const one of kept) {
          const second = kept.filter(
            ({ positionMs }) => Math.floor(positionMs / 1_000) === Math.floor(one.positionMs / 1_000),
          );
          assert.ok(second.length <= max);
        }
        assert.ok(kept.every((one, n) => n === 0 || (kept[n - 1]?.positionMs ?? 0) <= one.positionMs));
        const gone = items.filter((one) => !kept.includes(one));
        for (const one of gone)
          assert.ok(
            kept.filter(
              (other) =>
                Math.floor(other.positionMs / 1_000) === Math.floor(one.positionMs / 1_000) && other.id >= one.id,
            ).length === max,
          );
      }),
    );
    assert.ok(
      !wanted({ content: "ＳＰＯＩＬＥＲ", userId: 1, mode: "scroll" }, { words: ["spoiler"], userIds: [], modes: [] }),
    );
  });
});

const stand = new Stand();
const { client } = stand;
