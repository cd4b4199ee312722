import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { blocklistChanged, userMuted } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import { usualRules } from "#policy/copies/blocklist";
import { foldersMax } from "./contract.ts";
import type { Tables } from "./store.ts";
import { owner, Stand, service } from "./testing.ts";

describe("likes, favourites and history of a user", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("refuses a public folder with a blocklist term in its name, or of a muted user", async () => {
    const own = await client.makeFolder({ name: "nasty", isPublic: false }, callOf(7));
    const open = await client.makeFolder({ name: "Open" }, callOf(7));
    const words = [
      { pattern: "nasty", action: "refuse" as const },
      { pattern: "odd", action: "hold" as const },
    ];
    await stand.decide(blocklistChanged, 1, { version: 1, words, rules: usualRules });
    const refused = { code: "moderation.words_refused", http: 400 };
    await assert.rejects(client.makeFolder({ name: "nasty" }, callOf(7)), refused);
    await assert.rejects(client.changeFolder({ id: open.id, name: "so nasty" }, callOf(7)), refused);
    await assert.rejects(client.changeFolder({ id: own.id, isPublic: true }, callOf(7)), refused);
    await client.changeFolder({ id: own.id, name: "odd" }, callOf(7));
    stand.publishedEvents.length = 0;
    for (let n = 0; n < 2; n++) await client.changeFolder({ id: open.id, name: "odd" }, callOf(7));
    await stand.host.drain();
    assert.deepEqual(stand.publishedEvents, ["flagged:user:7:odd"]);
    await stand.decide(userMuted, 7, { userId: 7, reason: "loud", untilMs: null, atMs: 1 });
    const muted = { code: "moderation.muted", http: 403 };
    await assert.rejects(client.makeFolder({ name: "More" }, callOf(7)), muted);
    await assert.rejects(client.changeFolder({ id: own.id, isPublic: true }, callOf(7)), muted);
    await client.changeFolder({ id: open.id, isPublic: false }, callOf(7));
    await client.makeFolder({ name: "More", isPublic: false }, callOf(7));
  });

  it("stores a favourite once, in one folder, and moves it when it is added again", async () => {
    const folder = await client.makeFolder({ name: "Later" }, callOf(7));
    assert.deepEqual(await client.favorite({ id: 1 }, callOf(7)), { favorited: true, favoriteCount: 1 });
    assert.deepEqual(await client.favorite({ id: 1, folderId: folder.id }, callOf(7)), {
      favorited: true,
      favoriteCount: 1,
    });
    assert.deepEqual(await ids(client.favorites({ id: 7, folderId: folder.id }, callOf(7))), [1]);
    await client.removeFolder({ id: folder.id }, callOf(7));
    assert.deepEqual(await ids(client.favorites({ id: 7 }, callOf(7))), [1]);
    assert.deepEqual(await client.unfavorite({ id: 1 }, callOf(7)), { favorited: false, favoriteCount: 0 });
    await client.unfavorite({ id: 1 }, callOf(7));
    await stand.host.drain();
    assert.deepEqual(stand.publishedEvents, ["kept:1:7", "dropped:1:7"]);
    assert.deepEqual(await drift(), []);
  });

  it("shows only public folders to others, and lets only the owner use a folder", async () => {
    const open = await client.makeFolder({ name: "Open" }, callOf(7));
    const closed = await client.makeFolder({ name: "Closed", isPublic: false }, callOf(7));
    await client.favorite({ id: 1, folderId: open.id }, callOf(7));
    await client.favorite({ id: 2, folderId: closed.id }, callOf(7));
    assert.deepEqual(await ids(client.favorites({ id: 7 }, callOf(8))), [1]);
    assert.deepEqual(await ids(client.favorites({ id: 7, folderId: closed.id }, callOf(8))), []);
    assert.deepEqual(
      (await client.folders({ id: 7 }, callOf())).items.map(({ name, videoCount }) => [name, videoCount]),
      [["Open", 1]],
    );
    for (const block of ["7:8", "8:7"]) {
      stand.blocks.add(block);
      assert.deepEqual((await client.folders({ id: 7 }, callOf(8))).items, [], block);
      stand.blocks.clear();
    }
    for (const act of [
      () => client.favorite({ id: 3, folderId: open.id }, callOf(8)),
      () => client.changeFolder({ id: open.id, name: "Mine" }, callOf(8)),
      () => client.removeFolder({ id: open.id }, callOf(8)),
    ])
      await assert.rejects(act, { code: "favorite.folder_not_found", http: 404 });
    await client.changeFolder({ id: closed.id, isPublic: true }, callOf(7));
    assert.deepEqual(await ids(client.favorites({ id: 7 }, callOf(8))), [2, 1]);
  });

  it("creates at most the maximum of folders under concurrent requests", async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: foldersMax + 10 }, (_, n) => client.makeFolder({ name: `f${n}` }, callOf(7))),
    );
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, foldersMax);
  });

  it("lists likes latest first, without those of videos that became private", async () => {
    for (const id of [1, 2, 3]) {
      stand.clockMs += 10;
      await client.like({ id }, callOf(7));
    }
    await stand.show(2, "private", 5);
    await stand.show(3, "unlisted", 5);
    await stand.show(3, "public", 4);
    assert.deepEqual(await ids(client.likes({ id: 7 }, callOf(8))), [1]);
    assert.deepEqual(await ids(client.likes({ id: 7 }, callOf(7))), [3, 1]);
    assert.deepEqual(await ids(client.likes({ id: 7 }, callOf(owner))), [3, 2, 1]);
    const { total } = await client.likes({ id: 7, count: true }, callOf(8));
    assert.equal(total, 1);
  });

  it("refuses hidden lists to others, and answers 404 for an unknown user", async () => {
    await client.like({ id: 1 }, callOf(9));
    await assert.rejects(client.likes({ id: 9 }, callOf(7)), { code: "interaction.list_hidden", http: 403 });
    await assert.rejects(client.favorites({ id: 9 }, callOf()), { code: "interaction.list_hidden", http: 403 });
    assert.deepEqual(await ids(client.likes({ id: 9 }, callOf(9))), [1]);
    await assert.rejects(client.likes({ id: 404 }, callOf(7)), { code: "user.not_found", http: 404 });
  });

  it("pages through likes without gap or repeat while likes are added and removed", async () => {
    for (let id = 1; id <= 21; id++) {
      stand.clockMs += 1;
      await client.like({ id: 100 + id }, callOf(7));
    }
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.likes({ id: 7, limit: 4, ...(cursor !== undefined && { cursor }) }, callOf(7));
      seen.push(...page.items.map(({ videoId }) => videoId));
      stand.clockMs += 1;
      await client.like({ id: 200 + seen.length }, callOf(7));
      await client.unlike({ id: seen.at(-1) ?? 0 }, callOf(7));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(
      seen,
      Array.from({ length: 21 }, (_, n) => 121 - n),
    );
  });

  it("resumes at the last position, and from the start after the end", async () => {
    const at = async () => (await client.states({ videoIds: [1] }, callOf(7, { caller: "test" }))).items[0]?.positionMs;
    await client.play({ id: 1, positionMs: 12_000, durationMs: 60_000 }, callOf(7));
    assert.equal(await at(), 12_000);
    await client.play({ id: 1, positionMs: 99_000 }, callOf(7));
    assert.equal(await at(), 60_000);
    await client.play({ id: 1, positionMs: 60_000, finished: true }, callOf(7));
    assert.equal(await at(), 0);
    assert.deepEqual(await ids(client.history({}, callOf(7))), [1]);
    assert.deepEqual(await ids(client.history({}, callOf(8))), []);
  });

  it("stores no history when it is switched off, and deletes single entries or all", async () => {
    const watch = async (id: number) => {
      stand.clockMs += 10;
      await client.play({ id, positionMs: 5_000 }, callOf(7));
    };
    await watch(1);
    await watch(2);
    await client.setHistory({ isKept: false }, callOf(7));
    await watch(3);
    assert.deepEqual(await ids(client.history({}, callOf(7))), [2, 1]);
    await client.forgetWatched({ id: 2 }, callOf(7));
    assert.deepEqual(await ids(client.history({}, callOf(7))), [1]);
    await client.clearHistory({}, callOf(7));
    assert.deepEqual(await ids(client.history({}, callOf(7))), []);
    await client.setHistory({ isKept: true }, callOf(7));
    await watch(3);
    assert.deepEqual(await ids(client.history({}, callOf(7))), [3]);
    assert.deepEqual(await client.historySettings({}, callOf(7)), { isKept: true });
  });

  it("counts a share once per viewer and half hour", async () => {
    await Promise.all(Array.from({ length: 10 }, () => client.share({ id: 1 }, callOf(7))));
    assert.deepEqual(await client.share({ id: 1 }, callOf(undefined, { source: "a" })), { shareCount: 2 });
    stand.clockMs += 31 * 60_000;
    assert.deepEqual(await client.share({ id: 1 }, callOf(7)), { shareCount: 3 });
  });

  it("leaves no row of a deleted account in any table", async () => {
    const folder = await client.makeFolder({ name: "f" }, callOf(7));
    await client.favorite({ id: 1, folderId: folder.id }, callOf(7));
    await client.like({ id: 1 }, callOf(7));
    await client.play({ id: 1, positionMs: 5_000 }, callOf(7));
    await client.share({ id: 1 }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 1, content: "d" }, callOf(7));
    await client.setDanmakuFilters({ words: ["x"] }, callOf(7));
    for (const [by, of] of [
      [7, 8],
      [8, 7],
    ] as const) {
      const said = await client.sayAt({ id: 1, positionMs: 2, content: "h" }, callOf(of));
      await client.hideAuthor({ id: said.id }, callOf(by));
      await client.unsayAt({ id: said.id }, callOf(of));
    }
    await client.setHistory({ isKept: false }, callOf(7));
    const { id } = await client.say({ id: 1, content: "c" }, callOf(8));
    await client.likeComment({ id }, callOf(7));
    await stand.host.drain();
    await stand.deleteUser(7);
    await stand.host.drain();
    const db = stand.host.database<Tables>("interaction");
    for (const table of [
      "interaction.likes",
      "interaction.favorites",
      "interaction.favorite_folders",
      "interaction.comment_likes",
      "interaction.danmaku",
      "interaction.danmaku_filters",
      "interaction.hidden_danmaku_authors",
      "interaction.watches",
      "interaction.watch_settings",
    ] as const)
      assert.deepEqual(
        await db.selectFrom(table).select(db.fn.countAll<number>().as("n")).execute(),
        [{ n: 0 }],
        table,
      );
    const viewers = await db.selectFrom("interaction.views").select("viewer").where("viewer", "=", "user:7").execute();
    assert.deepEqual(viewers, []);
    assert.deepEqual(await drift(), []);
    const { items: counts } = await client.authorCounts({ userIds: [7] }, service);
    assert.deepEqual(counts, [{ userId: 7, likeCount: 0, likedCount: 0, favoriteCount: 0 }]);
    const { items } = await client.states({ videoIds: [1] }, service);
    assert.deepEqual([items[0]?.likeCount, items[0]?.favoriteCount, items[0]?.commentCount], [0, 0, 1]);
  });
});

const stand = new Stand();
const { client } = stand;
const drift = () => stand.host.findings("interaction");
const ids = async (page: Promise<{ items: readonly { readonly videoId: number }[] }>) =>
  (await page).items.map(({ videoId }) => videoId);
