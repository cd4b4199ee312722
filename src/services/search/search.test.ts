import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { blocklistChanged } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import { createIdGenerator } from "#kernel/ids/id";
import { usualRules } from "#policy/copies/blocklist";
import { sql } from "kysely";
import { filmOf, service, Stand } from "./testing.ts";

const stand = new Stand();
const { client } = stand;

describe("search", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

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
    // The searcher is known for two days; a word that only one account searched for is kept no longer.
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
    const { next } = createIdGenerator(() => stand.clockMs);
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
    await stand.startRoom(70, { title: "vanished" });
    const room = stand.rooms.get(70);
    stand.rooms.clear();
    if (room) stand.rooms.set(71, { ...room, liveId: 71, title: "missed" });
    const admin = callOf(9, { role: "admin" });
    assert.deepEqual(await client.rebuild({}, admin), {
      videos: 452,
      users: 1,
      hashtags: 2,
      lives: 2,
      captions: 0,
      files: 0,
    });
    assert.deepEqual(await client.rebuild({}, admin), {
      videos: 0,
      users: 0,
      hashtags: 0,
      lives: 0,
      captions: 0,
      files: 0,
    });
    await stand.followed();
    const { total, items } = await client.videos({ q: "film", count: true }, callOf());
    assert.deepEqual([total, items[0]?.videoId], [450, 3]);
    // As rows were written while less was found by.
    const database = stand.host.database("search");
    await sql`UPDATE search.documents SET nickname = 'other' WHERE kind = 2 AND id = 2`.execute(database);
    await sql`UPDATE search.documents SET description = 'other' WHERE kind = 1 AND id = 3`.execute(database);
    await sql`UPDATE search.documents SET title = 'other', play_count = 3 WHERE kind = 1 AND id = 4`.execute(database);
    await sql`DELETE FROM search.documents WHERE kind = 3`.execute(database);
    assert.deepEqual(await client.rebuild({}, admin), {
      videos: 3,
      users: 1,
      hashtags: 1,
      lives: 0,
      captions: 0,
      files: 0,
    });
    assert.deepEqual(await client.rebuild({}, admin), {
      videos: 0,
      users: 0,
      hashtags: 0,
      lives: 0,
      captions: 0,
      files: 0,
    });
    assert.deepEqual(
      [await stand.videos("vanished"), await stand.videos("stays"), await stand.users("noor")],
      [[], [500], [2]],
    );
    assert.deepEqual([await stand.tags("sea"), await stand.tags("vanished")], [[1], []]);
    assert.deepEqual([await stand.lives("missed"), await stand.lives("vanished")], [[71], []]);
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

const historyOf = async (by: number) => (await client.history({}, callOf(by))).items.map(({ keyword }) => keyword);
const hot = async () =>
  (await client.hot({}, callOf())).items.map(({ rank, keyword, score }) => `${rank} ${keyword} ${Math.round(score)}`);
