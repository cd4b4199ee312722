import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { captionsAdded, captionsRemoved, mediaDeleted } from "#services/media/contract";
import { sql } from "kysely";
import { Stand } from "../testing.ts";

const stand = new Stand();
const { client } = stand;

describe("captions in search", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("find a video by what is said in it, and say when", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    await stand.film(11, { title: "broth", shownMediaId: 8 });
    const texts = ["Welcome", "skim the tonkotsu broth", "and more tonkotsu", "goodbye"];
    await stand.caption(1, { mediaId: 7, language: "en", texts });
    await stand.caption(2, { mediaId: 7, language: "zh-Hans", texts: ["欢迎", "撇去豚骨汤的浮沫"] });
    assert.deepEqual(await stand.videos("tonkotsu"), [10]);
    const { items } = await client.videos({ q: "tonkotsu broth" }, callOf());
    const found = items.find(({ videoId }) => videoId === 10);
    assert.deepEqual(
      [found?.highlights, found?.moments, found?.momentsTotal],
      [
        [],
        [
          {
            atMs: 2_000,
            language: "en",
            text: "skim the tonkotsu broth",
            ranges: [
              { from: 9, to: 17 },
              { from: 18, to: 23 },
            ],
          },
          { atMs: 4_000, language: "en", text: "and more tonkotsu", ranges: [{ from: 9, to: 17 }] },
        ],
        2,
      ],
    );
    const [chinese] = (await client.videos({ q: "豚骨汤" }, callOf())).items;
    assert.deepEqual(
      [chinese?.videoId, chinese?.moments],
      [10, [{ atMs: 2_000, language: "zh-Hans", text: "撇去豚骨汤的浮沫", ranges: [{ from: 2, to: 5 }] }]],
    );
    // What is said counts less than a title.
    assert.deepEqual(await stand.videos("broth"), [11, 10]);
    const [titled] = (await client.videos({ q: "broth" }, callOf())).items;
    assert.deepEqual([titled?.moments, titled?.momentsTotal], [[], 0]);
  });

  it("filter videos by their language, in any case and without its script", async () => {
    for (const [id, language] of [
      [1, "en"],
      [2, "zh-Hans"],
    ] as const) {
      await stand.film(id, { title: "boat", shownMediaId: id });
      await stand.caption(id, { mediaId: id, language, texts: ["one"] });
    }
    await stand.film(3, { title: "boat", shownMediaId: 3 });
    await stand.followed();
    const found = async (captions: string) =>
      (await client.videos({ q: "boat", sort: "new", captions }, callOf())).items.map(({ videoId }) => videoId);
    assert.deepEqual(
      [await found("EN"), await found("zh"), await found("zh-hans"), await found("any"), await found("fr")],
      [[1], [2], [2], [2, 1], []],
    );
  });

  it("follow captions that are removed, videos that show another media object, and accounts that are deleted", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    await stand.caption(1, { mediaId: 7, language: "en", texts: ["tonkotsu"] });
    await stand.caption(2, { mediaId: 8, language: "en", texts: ["ramen"] });
    assert.deepEqual([await stand.videos("tonkotsu"), await stand.videos("ramen")], [[10], []]);
    await stand.change(10, { shownMediaId: 8 });
    assert.deepEqual([await stand.videos("tonkotsu"), await stand.videos("ramen")], [[], [10]]);
    await stand.removeCaptions(2);
    assert.deepEqual(await stand.videos("ramen"), []);
    await stand.caption(3, { mediaId: 8, language: "en", texts: ["noodles"] });
    assert.deepEqual(await stand.videos("noodles"), [10]);
    await stand.publishEvent(mediaDeleted, 7, { mediaId: 7, fileId: 7, userId: 1 });
    await stand.host.drain();
    assert.deepEqual(await kept(), [3]);
    await stand.leave(1);
    assert.deepEqual([await kept(), await stand.videos("noodles")], [[], []]);
    await stand.caption(4, { mediaId: 8, language: "en", texts: ["late"] });
    assert.deepEqual(await kept(), []);
  });

  it("leave nothing where they were removed before their event came", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    const captions = { mediaId: 7, captionsId: 1 };
    await stand.publishEvent(captionsRemoved, 7, captions);
    await stand.publishEvent(captionsAdded, 7, { ...captions, userId: 1, language: "en" });
    await stand.host.drain();
    assert.deepEqual(await kept(), []);
  });

  it("are not shown of a video that was hidden since the index last followed", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    await stand.caption(1, { mediaId: 7, language: "en", texts: ["tonkotsu"] });
    assert.deepEqual(await stand.videos("tonkotsu"), [10]);
    await stand.change(10, { visibility: "private" });
    assert.deepEqual((await client.videos({ q: "tonkotsu" }, callOf())).items, []);
  });

  it("are added, read again and removed by a rebuild", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    stand.captions.set(1, { mediaId: 7, language: "en", texts: ["tonkotsu"] });
    stand.captions.set(2, { mediaId: 7, language: "de", texts: ["Brühe"] });
    const admin = callOf(9, { role: "admin" });
    assert.deepEqual(await client.rebuild({}, admin), { videos: 0, users: 0, hashtags: 0, captions: 1 });
    await stand.host.drain();
    assert.deepEqual([await stand.videos("tonkotsu"), await stand.videos("brühe")], [[10], [10]]);
    await sql`UPDATE search.captions SET texts = NULL WHERE captions_id = 1`.execute(stand.host.database("search"));
    stand.captions.delete(2);
    assert.equal((await client.rebuild({}, admin)).captions, 1);
    await stand.host.drain();
    assert.deepEqual([await stand.videos("tonkotsu"), await kept()], [[10], [1]]);
    stand.captions.clear();
    assert.equal((await client.rebuild({}, admin)).captions, 1);
    assert.equal((await client.rebuild({}, admin)).captions, 0);
    assert.deepEqual([await stand.videos("tonkotsu"), await kept()], [[], []]);
  });
});

async function kept(): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`SELECT captions_id AS id FROM search.captions ORDER BY 1`.execute(
    stand.host.database("search"),
  );
  return rows.map(({ id }) => id);
}
