import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { videoDeleted, videoPublished } from "#events/video";
import { callOf } from "#kernel/host/testing";
import { TestElasticsearch } from "#test/elasticsearch/server";
import fc from "fast-check";
import { sql } from "kysely";
import type { Period } from "../contract.ts";
import { filmOf, Stand } from "../testing.ts";

/* The same cases for every backend. */
for (const [name, stand] of [
  ["in memory", new Stand()],
  ["in Elasticsearch", new Stand({ elasticsearch: new TestElasticsearch() })],
] as const)
  describe(`search ${name}`, () => {
    const { client } = stand;
    before(() => stand.start());
    beforeEach(() => stand.clear());
    after(() => stand.stop());

    it("finds videos by title, description, tags and hashtags, and by their author", async () => {
      await stand.join(1, "mira", "Mira 海老");
      const said = { description: "filmed at Dawn", tags: ["waves"], hashtags: ["海边"] };
      await stand.film(10, { title: "Sunset 海上日落 in 4K", ...said });
      for (const q of [
        "sun",
        "SUNSET",
        "日落",
        "海上",
        "上日",
        "落",
        "4k",
        "daw",
        "WAV",
        "#海边",
        "海边",
        "mir",
        "海老",
        "sun mira",
        "ｓｕｎ",
        "海上 sun",
        "film wave",
        "Sunsets",
        "sunsat",
        '"海上日落"',
      ])
        assert.deepEqual(await stand.videos(q), [10], q);
      for (const q of ["un", "uns et", "moon", "ave", '"日落 海上"']) assert.deepEqual(await stand.videos(q), [], q);
    });

    it("leaves out videos that are not public and published, and deleted ones", async () => {
      await stand.film(10, { title: "harbour" });
      for (const visibility of ["private", "unlisted", "followers", "password"] as const) {
        await stand.change(10, { visibility });
        assert.deepEqual(await stand.videos("harbour"), [], visibility);
        await stand.film(11, { title: "harbour", visibility });
        assert.deepEqual(await stand.videos("harbour"), [], visibility);
      }
      await stand.change(10, { visibility: "public" });
      assert.deepEqual(await stand.videos("harbour"), [10]);
      await stand.change(10, { publishedAtMs: null });
      assert.deepEqual(await stand.videos("harbour"), []);
      await stand.change(10, { publishedAtMs: 5 });
      await stand.change(10, { title: "pier" });
      assert.deepEqual([await stand.videos("harbour"), await stand.videos("pier")], [[], [10]]);
      await stand.drop(10);
      assert.deepEqual(await stand.videos("pier"), []);
    });

    it("leaves out videos that were published longer ago than the period", async () => {
      await stand.film(10, { title: "harbour" });
      stand.clockMs += 6 * 86_400_000;
      await stand.film(11, { title: "harbour" });
      stand.clockMs += 3 * 86_400_000;
      const found = async (period?: Period) =>
        (await stand.videos("harbour", undefined, "relevance", period)).toSorted((a, b) => a - b);
      assert.deepEqual([await found("day"), await found("week")], [[], [11]]);
      assert.deepEqual(
        [await found("month"), await found("year"), await found()],
        [
          [10, 11],
          [10, 11],
          [10, 11],
        ],
      );
      stand.clockMs += 60 * 86_400_000;
      assert.deepEqual([await found("month"), await found("year")], [[], [10, 11]]);
    });

    it("ignores events of older versions and events after a deletion, in any order", async () => {
      const film = await stand.film(10, { title: "first" });
      await stand.publishChange({ ...film, title: "third", version: 3 });
      await stand.publishChange({ ...film, title: "second", version: 2 });
      await stand.publishEvent(videoPublished, 10, { ...film, publishedAtMs: 1 });
      await stand.host.drain();
      assert.deepEqual(
        [await stand.videos("second"), await stand.videos("first"), await stand.videos("third")],
        [[], [], [10]],
      );
      await stand.publishEvent(videoDeleted, 10, { videoId: 10, userId: 1, mediaId: 1, isLastOfMedia: true });
      await stand.publishChange({ ...film, title: "fourth", version: 9 });
      await stand.host.drain();
      assert.deepEqual(await stand.videos("fourth"), []);
    });

    it("agrees with the latest versions after concurrent events of a video and its author in any order", async () => {
      const said = fc.record({
        what: fc.constantFrom("film", "film", "name", "drop", "watch"),
        id: fc.integer({ min: 1, max: 3 }),
        version: fc.integer({ min: 1, max: 5 }),
      });
      await fc.assert(
        fc
          .asyncProperty(fc.array(said, { minLength: 4, maxLength: 20 }), async (news) => {
            await Promise.all(
              [...news, ...news.slice(0, 4)].map(({ what, id, version }) => {
                if (what === "drop")
                  return stand.publishEvent(videoDeleted, id, {
                    videoId: id,
                    userId: 1,
                    mediaId: 1,
                    isLastOfMedia: true,
                  });
                if (what === "watch") return stand.watch(id);
                if (what === "name") return stand.rename(1, `name${version}`, version);
                return stand.publishChange({ ...filmOf(id), title: `film${id} take${version}`, version });
              }),
            );
            await stand.host.drain();
            const name = Math.max(0, ...news.filter(({ what }) => what === "name").map(({ version }) => version));
            const documents = await documentsOf(stand);
            for (const id of [1, 2, 3]) {
              const own = news.filter((one) => one.id === id);
              const take = Math.max(0, ...own.filter(({ what }) => what === "film").map(({ version }) => version));
              const isThere = take > 0 && !own.some(({ what }) => what === "drop");
              const document = documents.find((one) => one.id === id);
              const title = isThere ? `film${id} take${take}` : "";
              assert.deepEqual([document?.title ?? "", document?.isVisible ?? false], [title, isThere]);
              const watched = [...news, ...news.slice(0, 4)].filter((one) => one.id === id && one.what === "watch");
              assert.equal(document?.plays ?? 0, watched.length);
              assert.deepEqual(await stand.videos(`film${id}`), isThere ? [id] : []);
              // Others have one of the words.
              const first = async (q: string) =>
                (await stand.videos(q)).filter((one) => isThere || one === id).slice(0, 1);
              assert.deepEqual(await first(`film${id} take${take}`), isThere ? [id] : []);
              if (name > 0) assert.deepEqual(await first(`film${id} name${name}`), isThere ? [id] : []);
            }
          })
          .beforeEach(() => stand.clear()),
        { numRuns: 12 },
      );
    });

    it("ranks titles before descriptions, short titles before long ones, and the more watched higher", async () => {
      await stand.film(1, { title: "sea" });
      await stand.film(2, { title: "sea side" });
      await stand.film(3, { title: "at the sea side" });
      await stand.film(4, { title: "a side of the sea" });
      await stand.film(5, { title: "boat", description: "side by side at sea" });
      assert.deepEqual(await stand.videos("sea side"), [4, 3, 2, 5, 1]);
      assert.deepEqual(await stand.videos("Sea"), [1, 4, 3, 2, 5]);
      await stand.watch(3, 3);
      assert.deepEqual(await stand.videos("sea"), [3, 1, 4, 2, 5]);
      assert.deepEqual(await stand.videos("sea", undefined, "new"), [5, 4, 3, 2, 1]);
      assert.deepEqual(await stand.videos("sea", undefined, "hot"), [3, 5, 4, 2, 1]);
    });

    it("finds words that are joined or parted, where others write them so", async () => {
      await stand.film(1, { title: "Spider-Man swings" });
      await stand.film(2, { title: "Treehouse tour" });
      await stand.film(3, { title: "日 落" });
      await stand.film(4, { title: "C++ in an hour" });
      await stand.film(5, { title: "Red light, Bull fight" });
      for (const [q, ids] of [
        ["spiderman", [1]],
        ["spiderman swings", [1]],
        ["tree house", [2]],
        ["tree house tour", [2]],
        ["日落", [3]],
        ["c", [4]],
        ["redbull", []],
        ['"tree house"', []],
      ] as const)
        assert.deepEqual((await stand.videos(q)).slice(0, 1), ids, q);
    });

    it("finds users by any part of their names, the closest match first", async () => {
      await stand.join(1, "anna", "Sea Lion");
      await stand.join(2, "joanna", "Jo");
      await stand.join(3, "annabel", "An");
      await stand.join(4, "小明", "王小明");
      await stand.join(5, "x_%\\'y", "q");
      assert.deepEqual(await stand.users("anna"), [1, 3, 2]);
      assert.deepEqual(await stand.users("@ANNA"), [1, 3, 2]);
      assert.deepEqual(await stand.users("oann"), [2]);
      assert.deepEqual(
        [await stand.users("sea li"), await stand.users("lion sea"), await stand.users("a l")],
        [[1], [1], [1]],
      );
      assert.deepEqual([await stand.users("小明"), await stand.users("明"), await stand.users("王")], [[4], [4], [4]]);
      for (const q of ["%", "_", "\\", "'", "x_%\\'y"]) assert.deepEqual(await stand.users(q), [5], q);
      await stand.follow(1, 2);
      await stand.join(6, "dianna");
      assert.deepEqual(await stand.users("anna"), [1, 3, 2, 6]);
      await stand.rename(1, "Walrus", 2);
      assert.deepEqual([await stand.users("lion"), await stand.users("walr")], [[], [1]]);
      await stand.leave(1);
      await stand.rename(1, "Walrus", 3);
      assert.deepEqual([await stand.users("walr"), await stand.users("anna")], [[], [3, 2, 6]]);
    });

    it("finds the videos of a user under their new name", async () => {
      await stand.film(10, { title: "boat", userId: 7 });
      await stand.join(7, "mira");
      assert.deepEqual(await stand.videos("mira boat"), [10]);
      await stand.rename(7, "Noor", 2);
      assert.deepEqual(await stand.videos("noor"), [10]);
      await stand.film(11, { title: "boat", userId: 7 });
      assert.deepEqual(await stand.videos("noor"), [11, 10]);
      await stand.rename(7, "Tess", 3);
      assert.deepEqual([await stand.videos("noor"), await stand.videos("tess")], [[], [11, 10]]);
    });

    it("suggests names by pinyin and its initials, and those that changed by their present form alone", async () => {
      await stand.join(1, "kai", "海老");
      await stand.tag(2, "海边日落");
      await stand.tag(3, "harbour");
      assert.deepEqual(
        [await stand.suggestions("hb"), await stand.suggestions("haibian"), await stand.suggestions("hail")],
        [["海边日落"], ["海边日落"], ["kai"]],
      );
      await stand.rename(1, "Kai", 2);
      assert.deepEqual([await stand.suggestions("hl"), await stand.suggestions("k")], [[], ["kai"]]);
      await stand.leave(1);
      assert.deepEqual(await stand.suggestions("k"), []);
    });

    it("finds hashtags, with or without their sign", async () => {
      await stand.tag(1, "SeaSide");
      await stand.tag(2, "Sea");
      await stand.tag(3, "海边日落");
      await stand.tag(4, "deep sea");
      assert.deepEqual(await stand.tags("sea"), [2, 4, 1]);
      assert.deepEqual(await stand.tags("#SEAS"), [1]);
      assert.deepEqual(await stand.tags("日落"), [3]);
    });

    it("finds live rooms by title, description and owner while they are live and public", async () => {
      await stand.join(1, "mira", "Mira");
      await stand.startRoom(70, { title: "Building a kayak", description: "cedar and glue" });
      await stand.startRoom(71, { title: "日落直播" });
      await stand.startRoom(72, { title: "Kayak in secret", visibility: "unlisted" });
      for (const q of ["kayak", "KAYAKS", "cedar", "build"]) assert.deepEqual(await stand.lives(q), [70], q);
      assert.deepEqual(await stand.lives("日落"), [71]);
      assert.deepEqual(new Set(await stand.lives("mira")), new Set([70, 71]));
      assert.deepEqual(await stand.videos("kayak"), [], "a room is no video");
      await stand.rename(1, "Miranda", 2);
      assert.deepEqual(new Set(await stand.lives("miranda")), new Set([70, 71]));
      stand.blocks.add("1:3");
      assert.deepEqual(await stand.lives("kayak", 3), [], "its owner blocks the viewer");
      await stand.endRoom(70);
      await stand.deleteRoom(71);
      assert.deepEqual([await stand.lives("kayak"), await stand.lives("日落")], [[], []]);
    });

    it("hides users who block each other from each other, with their videos", async () => {
      await stand.join(1, "mira");
      await stand.join(2, "miriam");
      await stand.film(10, { title: "boat", userId: 1 });
      stand.blocks.add("1:3").add("4:1");
      for (const by of [3, 4]) {
        assert.deepEqual([await stand.videos("boat", by), await stand.users("mir", by)], [[], [2]]);
        assert.deepEqual(await stand.suggestions("mir", by), ["miriam"]);
        assert.equal((await client.all({ q: "boat", count: true }, callOf(by))).videos.total, 0);
      }
      assert.deepEqual([await stand.videos("boat", 5), await stand.videos("boat")], [[10], [10]]);
    });

    it("lists every result once while others are added and deleted", async () => {
      for (let id = 1; id <= 9; id++) await stand.film(id, { title: `boat ${id}` });
      await stand.followed();
      const first = await client.videos({ q: "boat", limit: 2, count: true }, callOf());
      const seen = first.items.map(({ videoId }) => videoId);
      await stand.film(10, { title: "boat 10" });
      await stand.drop(4);
      await stand.followed();
      for (let { next } = first; next !== null; ) {
        const page = await client.videos({ q: "boat", limit: 2, cursor: next }, callOf());
        seen.push(...page.items.map(({ videoId }) => videoId));
        next = page.next;
      }
      assert.deepEqual([seen, first.total], [[9, 8, 7, 6, 5, 3, 2, 1], 9]);
      const second = await client.videos({ q: "boat", skip: 2, limit: 2 }, callOf());
      assert.deepEqual(
        second.items.map(({ videoId }) => videoId),
        [8, 7],
      );
      await assert.rejects(client.videos({ q: "boat", cursor: "bm8" }, callOf()), { code: "kernel.bad_cursor" });
    });

    it("finds videos with some of the words where fewer than ten have all", async () => {
      for (let id = 1; id <= 9; id++) await stand.film(id, { title: "harbour pier" });
      await stand.film(20, { title: "harbour" });
      await stand.followed();
      const found = async () => (await client.videos({ q: "harbour pier", count: true, limit: 2 }, callOf())).total;
      assert.equal(await found(), 10);
      await stand.film(10, { title: "pier at the harbour" });
      await stand.followed();
      assert.equal(await found(), 10);
      assert.ok(!(await stand.videos("harbour pier")).includes(20));
    });

    it("lists the same in pages as in one list, in each order", async () => {
      const random = fc.sample(fc.integer({ min: 0, max: 5 }), { numRuns: 24, seed: 7 });
      for (const [n, number] of random.entries()) {
        await stand.film(n + 1, { title: `boat ${"sea ".repeat(number % 3)}`, publishedAtMs: 1_000 + number });
        if (number > 3) await stand.watch(n + 1, number);
      }
      await stand.followed();
      for (const sort of ["relevance", "new", "hot"] as const) {
        const whole = (await client.videos({ q: "boat", sort, limit: 50 }, callOf())).items;
        assert.equal(whole.length, 24);
        const paged: typeof whole = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          // Time passes between two pages.
          stand.clockMs += 50;
          const page = await client.videos({ q: "boat", sort, limit: 5, ...(cursor && { cursor }) }, callOf());
          paged.push(...page.items);
          cursor = page.next;
        }
        assert.deepEqual(
          paged.map(({ videoId }) => videoId),
          whole.map(({ videoId }) => videoId),
          sort,
        );
      }
    });

    it("goes on behind a page whose last video was removed meanwhile", async () => {
      // Their scores are further apart than the removal of one changes them.
      for (let n = 0; n < 4; n++) await stand.film(n + 1, { title: `boat ${"sea ".repeat(3 ** n)}` });
      for (let id = 11; id <= 40; id++) await stand.film(id, { title: "pier" });
      await stand.followed();
      const idsOf = (items: readonly { readonly videoId: number }[]) => items.map(({ videoId }) => videoId);
      const first = await client.videos({ q: "boat", limit: 2 }, callOf());
      assert.deepEqual(idsOf(first.items), [1, 2]);
      await stand.drop(2);
      await stand.followed();
      const second = await client.videos({ q: "boat", limit: 2, cursor: first.next ?? "" }, callOf());
      assert.deepEqual(idsOf(second.items), [3, 4]);
    });

    it("filters videos by length, shape, tag and author, and offers another spelling", async () => {
      const size = { width: 640, height: 360 };
      await stand.film(1, { title: "harbour", tags: ["Boats"], ...size, durationMs: 10_000 });
      await stand.film(2, {
        title: "harbour",
        hashtags: ["boats"],
        userId: 2,
        width: 360,
        height: 640,
        durationMs: 60_000,
      });
      await stand.film(3, { title: "harbour", userId: 2 });
      const found = async (filters: object) => {
        await stand.followed();
        const { items } = await client.videos({ q: "harbour", sort: "new", ...filters }, callOf());
        return items.map(({ videoId }) => videoId);
      };
      assert.deepEqual([await found({ minDurationMs: 10_001 }), await found({ maxDurationMs: 10_000 })], [[2], [1]]);
      assert.deepEqual([await found({ shape: "wide" }), await found({ shape: "upright" })], [[1], [2]]);
      assert.deepEqual(
        [await found({ tag: "#BOATS" }), await found({ tag: "boat" }), await found({})],
        [[2, 1], [], [3, 2, 1]],
      );
      assert.deepEqual([await found({ author: 2 }), await found({ author: 2, tag: "boats" })], [[3, 2], [2]]);
      const { didYouMean, items } = await client.videos({ q: "harbur" }, callOf());
      assert.deepEqual(
        [didYouMean, items[0]?.highlights],
        ["harbour", [{ field: "title", ranges: [{ from: 0, to: 7, isNear: true }] }]],
      );
      assert.equal((await client.all({ q: "harbour" }, callOf())).didYouMean, null);
      for (const filters of [{ shape: "round" }, { author: -1 }, { tag: "x".repeat(101) }, { sort: "random" }])
        await assert.rejects(client.videos({ q: "harbour", ...(filters as object) }, callOf()), { http: 400 });
    });

    it("does not list a video that was hidden or deleted since the index last followed", async () => {
      await stand.film(1, { title: "harbour" });
      await stand.film(2, { title: "harbour" });
      await stand.film(3, { title: "harbour" });
      assert.equal((await stand.videos("harbour")).length, 3);
      await stand.change(1, { visibility: "private" });
      await stand.drop(2);
      const { items } = await client.videos({ q: "harbour" }, callOf());
      assert.deepEqual(
        items.map(({ videoId }) => videoId),
        [3],
      );
    });

    it("finds a video by its captions, and says when", async () => {
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
      // Spoken words weigh less than a title.
      assert.deepEqual(await stand.videos("broth"), [11, 10]);
      const [titled] = (await client.videos({ q: "broth" }, callOf())).items;
      assert.deepEqual([titled?.moments, titled?.momentsTotal], [[], 0]);
    });

    it("filters videos by the language of their captions, in any case and without its script", async () => {
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

    it("shows no captions of a video that was hidden since the index last followed", async () => {
      await stand.film(10, { title: "cooking", shownMediaId: 7 });
      await stand.caption(1, { mediaId: 7, language: "en", texts: ["tonkotsu"] });
      assert.deepEqual(await stand.videos("tonkotsu"), [10]);
      await stand.change(10, { visibility: "private" });
      assert.deepEqual((await client.videos({ q: "tonkotsu" }, callOf())).items, []);
    });
  });

async function documentsOf(stand: Stand) {
  const { rows } = await sql<{ id: number; title: string; isVisible: boolean; plays: number }>`
    SELECT id, title, is_visible AS "isVisible", play_count AS plays FROM search.documents WHERE kind = 1`.execute(
    stand.host.database("search"),
  );
  return rows;
}
