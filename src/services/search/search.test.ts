import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { idGenerator } from "#kernel/ids/id";
import { blocklistChanged, usualRules } from "#policy/blocklist";
import { videoDeleted, videoPublished } from "#services/video/contract";
import type { Period } from "./contract.ts";
import fc from "fast-check";
import { sql } from "kysely";
import { service, Stand } from "./testing.ts";

const stand = new Stand();
const { client } = stand;

describe("search", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

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
          const documents = await documentsOf();
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
      ["harbour", [{ field: "title", ranges: [{ from: 0, to: 7 }] }]],
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

  it("refuses an empty search term, under either name", async () => {
    for (const ask of [client.all, client.videos, client.users, client.hashtags, client.suggestions])
      for (const input of [{}, { q: "" }, { q: " \n" }, { keyword: "" }])
        await assert.rejects(ask(input, callOf()), { code: "search.nothing_asked", http: 400 });
    await stand.film(1, { title: "boat" });
    await stand.followed();
    const { items } = await client.videos({ keyword: "boat" }, callOf());
    const highlights = [{ field: "title", ranges: [{ from: 0, to: 4 }] }];
    assert.deepEqual(items, [{ videoId: 1, highlights, moments: [], momentsTotal: 0 }]);
  });

  it("answers any search term quickly", async () => {
    await stand.film(1, { title: "boat" });
    const odd = [
      "%",
      "_",
      "\\",
      "'",
      "' | !x",
      "a:*",
      "((((",
      "&&",
      "<->",
      "a<2>b",
      "\u202E",
      "😀",
      "a".repeat(200),
      "海".repeat(200),
      "'\\".repeat(100),
      "*".repeat(200),
    ];
    for (const q of odd) {
      await stand.followed();
      const results = await client.all({ q }, callOf());
      assert.deepEqual(results.videos.items, [], q);
    }
    await assert.rejects(client.all({ q: "a".repeat(50_000) }, callOf()), { http: 400 });
    await assert.rejects(client.all({ q: "a\0b" }, callOf()), { http: 400 });
    for (let n = 0; n < 20; n++) await client.all({ q: "海".repeat(200) }, callOf());
    const before = process.cpuUsage();
    for (let n = 0; n < 20; n++) await client.all({ q: "海".repeat(200) }, callOf());
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 20_000 < 50, `${(user + system) / 20_000} ms`);
  });

  it("stores the searches of a user, each once, the latest first, for that user alone", async () => {
    for (const q of ["sea", "boat", "SEA"]) {
      await stand.videos(q, 1);
      stand.clockMs += 1_000;
    }
    await stand.videos("other", 2);
    await stand.videos("nobody's");
    await client.videos({ q: "page two", skip: 20 }, callOf(1));
    assert.deepEqual(await historyOf(1), ["SEA", "boat"]);
    await client.forgetSearch({ keyword: "sea" }, callOf(1));
    assert.deepEqual(await historyOf(1), ["boat"]);
    await client.clearHistory({}, callOf(1));
    assert.deepEqual([await historyOf(1), await historyOf(2)], [[], ["other"]]);
    await stand.host.drain();
    assert.deepEqual(stand.performed.toSorted(), ["-:nobody's:0", "1:SEA:0", "1:boat:0", "1:sea:0", "2:other:0"]);
  });

  it("stores no history when it is switched off, and the latest hundred searches when it is on", async () => {
    await stand.videos("before", 1);
    assert.deepEqual(await client.historySettings({}, callOf(1)), { isKept: true });
    assert.deepEqual(await client.setHistory({ isKept: false }, callOf(1)), { isKept: false });
    await stand.videos("during", 1);
    assert.deepEqual(await historyOf(1), ["before"]);
    await client.setHistory({ isKept: true }, callOf(1));
    for (let n = 0; n < 105; n++) {
      stand.clockMs += 1;
      await stand.videos(`word ${n}`, 1);
    }
    const kept = (await client.history({ limit: 100 }, callOf(1))).items.map(({ keyword }) => keyword);
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [100, "word 104", "word 5"]);
    for (const ask of [() => client.history({}, callOf()), () => client.clearHistory({}, callOf())])
      await assert.rejects(ask, { http: 401 });
  });

  it("deletes the searches of a deleted account, including those not stored yet", async () => {
    await stand.videos("mine", 1);
    await client.setHistory({ isKept: true }, callOf(1));
    await stand.videos("late", 1);
    await stand.leave(1);
    assert.deepEqual(await historyOf(1), []);
  });

  it("deletes keywords that only a deleted account searched for, and keeps those of others", async () => {
    await stand.film(2, { title: "sea boat mirabelle", userId: 99 });
    for (const q of ["mirabelle", "sea", "boat", "in vain"]) await stand.videos(q, 1);
    for (const q of ["sea", "boat"]) await stand.videos(q, 2);
    await client.setHidden({ keyword: "in vain", isHidden: true }, callOf(9, { role: "moderator" }));
    await stand.leave(1);
    assert.deepEqual(await wordsKept(), ["boat", "in vain", "sea"]);
    stand.clockMs += 3_600_000;
    await stand.videos("wind", 3);
    await stand.host.tick("search.tidy");
    assert.deepEqual(await wordsKept(), ["boat", "in vain", "sea", "wind"]);
    // Whose it was is known for two days; a word that one person alone looked for is not kept longer.
    stand.clockMs += 49 * 3_600_000;
    await stand.host.tick("search.tidy");
    assert.deepEqual(await wordsKept(), ["boat", "in vain", "sea"]);
  });

  it("counts trending searches, each searcher once an hour", async () => {
    await stand.film(1, { title: "boat sea wind", userId: 99 });
    for (let n = 0; n < 5; n++) await stand.videos("sea", 1);
    for (const by of people(6)) await stand.videos("Boat", by);
    assert.deepEqual(await hot(), ["1 Boat 6"]);
    stand.clockMs += 3_600_000;
    for (const by of [1, 1, ...people(7)]) await stand.videos("sea", by);
    assert.deepEqual(await hot(), ["1 sea 8", "2 Boat 6"]);
    stand.clockMs += 24 * 3_600_000;
    for (const by of people(5)) await stand.videos("wind", by);
    assert.deepEqual(await hot(), ["1 wind 5", "2 sea 4", "3 Boat 3"]);
    await client.setHidden({ keyword: "SEA", isHidden: true }, callOf(9, { role: "moderator" }));
    assert.deepEqual(await hot(), ["1 wind 5", "2 Boat 3"]);
    // Nor by way of a hashtag that is called so.
    await stand.tag(7, "Sea");
    await stand.tag(8, "seal");
    assert.deepEqual(await stand.suggestions("se"), ["seal"]);
    const administrator = callOf(9, { role: "moderator" });
    await client.setHidden({ keyword: "in vain", isHidden: true }, administrator);
    await client.setHidden({ keyword: "sea", isHidden: true }, administrator);
    assert.deepEqual(await client.hiddenWords({}, administrator), {
      items: [{ keyword: "in vain" }, { keyword: "sea" }],
    });
    for (const isHidden of [false, false]) await client.setHidden({ keyword: "Sea", isHidden }, administrator);
    await client.setHidden({ keyword: "never seen", isHidden: false }, administrator);
    assert.deepEqual(await client.hiddenWords({}, administrator), { items: [{ keyword: "in vain" }] });
    assert.deepEqual(await hot(), ["1 wind 5", "2 sea 4", "3 Boat 3"]);
    await stand.host.drain();
    const acts = ["word_hidden 9", "word_hidden 9", "word_shown 9"];
    assert.deepEqual(
      stand.audited,
      acts.map((act) => `search.${act}`),
    );
    await assert.rejects(client.hiddenWords({}, callOf(1)), { http: 403 });
    await assert.rejects(client.setHidden({ keyword: "x", isHidden: true }, callOf(1)), { http: 403 });
  });

  it("shows a trending search of five accounts that are three days old, and of no fewer or newer ones", async () => {
    const { next } = idGenerator(() => stand.clockMs);
    for (let n = 0; n < 20; n++) await stand.videos("buy at my shop", next());
    for (const by of people(4)) await stand.videos("rowing", by);
    assert.deepEqual(await hot(), []);
    assert.deepEqual(await stand.suggestions("ro", 9), []);
    await stand.videos("rowing", 5);
    assert.deepEqual(await hot(), ["1 rowing 5"]);
    assert.deepEqual(await stand.suggestions("ro", 9), ["rowing"]);
  });

  it("counts one visitor an hour as a source of a trending search, however many addresses there are", async () => {
    const visit = (source: string) => client.videos({ q: "rowing" }, callOf(undefined, { source }));
    for (let n = 0; n < 20; n++) await visit(`address ${n}`);
    for (let hour = 0; hour < 3; hour++) {
      stand.clockMs += 3_600_000;
      await visit("address 0");
    }
    assert.deepEqual(await hot(), []);
    stand.clockMs += 3_600_000;
    await visit("address 1");
    assert.equal((await hot()).length, 1);
    // One address by itself never is several sources.
    for (let hour = 0; hour < 9; hour++) {
      stand.clockMs += 3_600_000;
      await client.videos({ q: "alone" }, callOf(undefined, { source: "address 0" }));
    }
    assert.ok(!(await hot()).some((line) => line.includes("alone")));
  });

  it("counts no search of an author that finds their own videos or name", async () => {
    await stand.join(1, "sailor");
    await stand.film(1, { title: "boat", userId: 1 });
    for (const q of ["boat", "sailor"]) for (const by of people(5)) await stand.videos(q, by);
    assert.deepEqual(await hot(), []);
    for (const q of ["boat", "sailor"]) await stand.videos(q, 6);
    assert.deepEqual(await hot(), ["1 sailor 5", "2 boat 5"]);
  });

  it("shows no trending search with a blocklist term, from the moment it is one", async () => {
    for (const q of ["bad rowing", "rowing"]) for (const by of people(5)) await stand.videos(q, by);
    assert.deepEqual(await hot(), ["1 rowing 5", "2 bad rowing 5"]);
    const words = [{ pattern: "bad", action: "hold" as const }];
    await stand.publishEvent(blocklistChanged, 1, { version: 1, words, rules: usualRules });
    await stand.host.drain();
    assert.deepEqual(await hot(), ["1 rowing 5"]);
    assert.deepEqual((await client.suggestions({ q: "bad" }, callOf(9))).items, []);
  });

  it("hides short and private keywords", async () => {
    await stand.film(1, { title: "a boat of me@example.com 13812345678" });
    for (const q of ["a", "me@example.com", "13812345678"]) for (const by of people(6)) await stand.videos(q, by);
    assert.deepEqual(await hot(), []);
    await stand.videos("my secret words", 1);
    await hot();
    assert.deepEqual((await client.suggestions({ q: "my" }, callOf(2))).items, []);
    assert.deepEqual((await client.suggestions({ q: "my" }, callOf(1))).items, ["my secret words"]);
  });

  it("suggests the user's searches, trending searches, hashtags and users by prefix", async () => {
    await stand.film(1, { title: "seal seaside", userId: 99 });
    for (const by of [2, 3, 4, 5, 6]) await stand.videos("seal", by);
    await stand.videos("seaweed", 1);
    await stand.tag(1, "Seaside");
    await stand.join(5, "sean");
    await stand.join(6, "mora", "Season");
    await stand.videos("100%", 1);
    await hot();
    assert.deepEqual(await stand.suggestions("SEA", 1), ["seaweed", "seal", "Seaside", "mora", "sean"]);
    assert.deepEqual(await stand.suggestions("SEA", 1, 2), ["seaweed", "seal"]);
    assert.deepEqual(await stand.suggestions("%", 1), []);
  });

  it("counts concurrent searches for the same keywords correctly", async () => {
    await stand.film(1, { title: "sea boat wind", userId: 99 });
    await Promise.all(people(30).flatMap((by) => ["sea", "boat", "wind"].map((q) => stand.videos(q, by))));
    // Scores that were added in other parts differ by less than is shown, and so may the ranks.
    const counted = (await hot()).map((line) => line.replace(/^\d /, ""));
    assert.deepEqual(counted.toSorted(), ["boat 30", "sea 30", "wind 30"]);
  });

  it("rebuilds the index from the services that own its content", async () => {
    await stand.join(1, "mira");
    for (let id = 1; id <= 450; id++) stand.films.set(id, filmOf(id));
    stand.hashtags.set(1, "sea");
    stand.people.set(2, { userId: 2, username: "noor", nickname: "noor", version: 1 });
    await stand.film(500, { title: "stays" });
    await stand.film(501, { title: "vanished" });
    stand.films.delete(501);
    stand.plays.set(3, 7);
    await stand.tag(9, "vanished");
    stand.hashtags.delete(9);
    const admin = callOf(9, { role: "admin" });
    assert.deepEqual(await client.rebuild({}, admin), { videos: 452, users: 1, hashtags: 2, captions: 0 });
    assert.deepEqual(await client.rebuild({}, admin), { videos: 0, users: 0, hashtags: 0, captions: 0 });
    await stand.followed();
    const { total, items } = await client.videos({ q: "film", count: true }, callOf());
    assert.deepEqual([total, items[0]?.videoId], [450, 3]);
    // As rows were written while less was found by.
    const database = stand.host.database("search");
    await sql`UPDATE search.documents SET nickname = 'other' WHERE kind = 2 AND id = 2`.execute(database);
    await sql`UPDATE search.documents SET description = 'other' WHERE kind = 1 AND id = 3`.execute(database);
    await sql`UPDATE search.documents SET title = 'other', play_count = 3 WHERE kind = 1 AND id = 4`.execute(database);
    await sql`DELETE FROM search.documents WHERE kind = 3`.execute(database);
    assert.deepEqual(await client.rebuild({}, admin), { videos: 3, users: 1, hashtags: 1, captions: 0 });
    assert.deepEqual(await client.rebuild({}, admin), { videos: 0, users: 0, hashtags: 0, captions: 0 });
    assert.deepEqual(
      [await stand.videos("vanished"), await stand.videos("stays"), await stand.users("noor")],
      [[], [500], [2]],
    );
    assert.deepEqual([await stand.tags("sea"), await stand.tags("vanished")], [[1], []]);
    await assert.rejects(client.rebuild({}, callOf(1)), { http: 403 });
    await assert.rejects(client.rebuild({}, service), { http: 401 });
  });
});

/** Accounts, whose small numbers make them as old as numbers can be. */
const people = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** Every word whose searches are counted, said to others or not. */
async function wordsKept(): Promise<string[]> {
  await hot();
  const { rows } = await sql<{ key: string }>`SELECT key FROM search.hot_searches ORDER BY key`.execute(
    stand.host.database("search"),
  );
  return rows.map(({ key }) => key);
}

async function documentsOf() {
  const { rows } = await sql<{ id: number; title: string; isVisible: boolean; plays: number }>`
    SELECT id, title, is_visible AS "isVisible", play_count AS plays FROM search.documents WHERE kind = 1`.execute(
    stand.host.database("search"),
  );
  return rows;
}

const filmOf = (videoId: number) => ({
  videoId,
  userId: 1,
  title: `film ${videoId}`,
  description: "",
  tags: [],
  hashtags: [],
  visibility: "public" as const,
  publishedAtMs: 1_000 + videoId,
  version: 1,
});
const historyOf = async (by: number) => (await client.history({}, callOf(by))).items.map(({ keyword }) => keyword);
const hot = async () =>
  (await client.hot({}, callOf())).items.map(({ rank, keyword, score }) => `${rank} ${keyword} ${Math.round(score)}`);
