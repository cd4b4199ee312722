import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Log } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { sql } from "kysely";
import { TestElasticsearch } from "#test/elasticsearch/server";
import { type OwnedEntry, Stand } from "../testing.ts";
import type { Tables } from "../store.ts";
import { SearchMemory } from "./memory.ts";

const stand = new Stand();
const [mira, noor] = [1, 2];
const admin = callOf(9, { role: "admin" });
const log = {} as unknown as Log; // Nothing is logged.
const db = () => stand.host.database<Tables>("search");

for (const [name, each] of [
  ["in memory", new Stand()],
  ["in Elasticsearch", new Stand({ elasticsearch: new TestElasticsearch() })],
] as const)
  describe(`own files, searched ${name}`, () => {
    before(() => each.start());
    beforeEach(() => each.clear());
    after(() => each.stop());

    it("finds files and folders by any part of their names, for their owner alone", async () => {
      await each.file(10, { name: "Tax return 2026.pdf" });
      await each.file(11, { name: "海边照片", kind: "folder" });
      await each.file(12, { name: "tax.pdf", userId: noor });
      await each.file(13, { name: "syntax.mp4", kind: "video" });
      assert.deepEqual(await each.files("TAX", mira), [10, 13]);
      assert.deepEqual(await each.files("tax", noor), [12]);
      assert.deepEqual(await each.files("边照", mira), [11]);
      assert.deepEqual(await each.files("边照", noor), []);
      assert.deepEqual(await each.files("return 2026", mira), [10]);
      assert.deepEqual(await each.files("tax", mira, "video"), [13]);
      assert.deepEqual(await each.files("照", mira, "folder"), [11]);
      assert.deepEqual(await each.files("照", mira, "image"), []);
      const { items } = await each.client.files({ q: "tax ret" }, callOf(mira));
      assert.deepEqual(items, [
        {
          entryId: 10,
          highlights: [
            { from: 0, to: 3 },
            { from: 4, to: 7 },
          ],
        },
      ]);
      await assert.rejects(each.client.files({ q: "tax" }, callOf()), { kind: "unauthenticated" });
      await assert.rejects(each.client.files({ q: " " }, callOf(mira)), { code: "search.nothing_asked" });
    });

    it("follows renames, the trash, restores and deletions, whatever order their events come in", async () => {
      await each.file(10, { name: "draft.txt" });
      await each.file(10, { name: "final.txt" });
      assert.deepEqual([await each.files("draft", mira), await each.files("final", mira)], [[], [10]]);
      await each.file(10, { state: "trashed" });
      assert.deepEqual(await each.files("final", mira), []);
      const trashed = each.entries.get(10);
      assert.ok(trashed);
      await each.file(10, { state: "live" });
      assert.deepEqual(await each.files("final", mira), [10]);
      // An older event that comes once more.
      await each.publishEntries(trashed);
      await each.host.drain();
      assert.deepEqual(await each.files("final", mira), [10]);
      await each.file(10, { state: "deleted" });
      await each.file(10, { ...trashed, version: 9, state: "live" });
      assert.deepEqual(await each.files("final", mira), []);
      const { rows } = await sql`SELECT owner_id, title, tags FROM search.documents WHERE kind = 4`.execute(
        each.host.database<Tables>("search"),
      );
      assert.deepEqual(rows, [{ owner_id: 0, title: "", tags: [] }]);
    });

    it("pages through all files once, the best or the newest first, and counts one's own", async () => {
      for (let id = 1; id <= 30; id++)
        await each.publishEntries({ ...entry(id), userId: id % 3 === 0 ? noor : mira, name: `report ${id}.pdf` });
      await each.host.drain();
      await each.followed();
      for (const sort of ["relevance", "new"] as const) {
        const seen: number[] = [];
        let cursor: string | null = null;
        do {
          const request = { q: "report", sort, limit: 7, count: true, ...(cursor !== null && { cursor }) };
          const { items, next, total } = await each.client.files(request, callOf(mira));
          assert.equal(total, 20);
          seen.push(...items.map(({ entryId }) => entryId));
          cursor = next;
        } while (cursor !== null);
        const all = Array.from({ length: 30 }, (_, n) => n + 1).filter((id) => id % 3 !== 0);
        assert.deepEqual(
          seen.toSorted((a, b) => a - b),
          all,
        );
        if (sort === "new") assert.deepEqual(seen, all.toReversed());
      }
    });
  });

describe("the search of one's own files", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.stop());

  it("betrays nothing of a file to others: no result, suggestion, correction, trending search, order or cursor", async () => {
    await stand.film(20, { title: "boat" });
    await stand.join(3, "boatman");
    for (const [id, name] of [
      [30, "alpha beta"],
      [31, "beta alpha"],
      [32, "alpha x"],
      [33, "beta y"],
    ] as const)
      await stand.file(id, { name, userId: noor });
    const observed = async () => {
      await stand.followed();
      const by = callOf(noor);
      const results = [];
      for (const q of ["secretproject", "secretprojekt", "boat", "boatt", "alpha", "beta alpha", "zalpha", "zz"])
        results.push(
          await stand.client.all({ q }, by),
          await stand.client.files({ q, count: true, limit: 1 }, by),
          await stand.client.files({ q, limit: 10 }, by),
          await stand.client.suggestions({ q: q.slice(0, 3) }, callOf(5)),
        );
      return { results, hot: await stand.client.hot({}, by) };
    };
    const before = await observed();
    // Some of her words are frequent, and some occur nowhere else.
    for (let id = 100; id < 140; id++)
      await stand.publishEntries({ ...entry(id), userId: mira, name: `secretproject zalpha alpha boat ${id}` });
    await stand.host.drain();
    for (let n = 0; n < 3; n++) await stand.files("secretproject", mira);
    assert.equal((await stand.client.files({ q: "secretproject", count: true }, callOf(mira))).total, 40);
    assert.deepEqual(await observed(), before);
  });

  it("is recorded neither in the history nor among trending searches, and no event says of it", async () => {
    await stand.file(10, { name: "tax.pdf" });
    assert.deepEqual(await stand.files("tax", mira), [10]);
    assert.deepEqual((await stand.client.history({}, callOf(mira))).items, []);
    const { rows } =
      await sql`SELECT key FROM search.recent_searchers UNION SELECT key FROM search.hot_searches`.execute(db());
    assert.deepEqual([rows, stand.performed], [[], []]);
  });

  it("lists no file that was trashed since the index last followed", async () => {
    await stand.file(10, { name: "tax.pdf" });
    await stand.file(11, { name: "taxes.pdf" });
    await stand.files("tax", mira);
    await stand.file(10, { state: "trashed" });
    const { items } = await stand.client.files({ q: "tax" }, callOf(mira));
    assert.deepEqual(
      items.map(({ entryId }) => entryId),
      [11],
    );
  });

  it("is filled and repaired from the drive, and then reports nothing", async () => {
    for (let id = 1; id <= 5; id++) stand.entries.set(id, { ...entry(id), name: `report ${id}` });
    stand.entries.set(6, { ...entry(6), name: "report 6", state: "trashed" });
    assert.deepEqual(await stand.files("report", mira), []);
    await stand.host.tick("search.fill");
    await stand.host.drain();
    assert.deepEqual(await sortedFiles("report"), [1, 2, 3, 4, 5]);
    await sql`UPDATE search.documents SET title = 'other' WHERE kind = 4 AND id = 2`.execute(db());
    await sql`DELETE FROM search.documents WHERE kind = 4 AND id = 3`.execute(db());
    stand.entries.delete(4);
    assert.equal((await stand.client.rebuild({}, admin)).files, 3);
    assert.deepEqual(await sortedFiles("report"), [1, 2, 3, 5]);
    assert.equal((await stand.client.rebuild({}, admin)).files, 0);
    // A restored one has a later version than its repaired row.
    await stand.file(6, { state: "live" });
    assert.deepEqual(await sortedFiles("report"), [1, 2, 3, 5, 6]);
  });

  it("ends with the account: nothing is left or comes back, and the receipt follows the last file", async () => {
    await sql`INSERT INTO search.documents (kind, id, version, owner_id, title, is_visible, changed_tx)
      SELECT 4, id, 1, ${mira}, 'report ' || id, true, pg_current_xact_id()::text::bigint
      FROM generate_series(1, 2500) AS id`.execute(db());
    await stand.file(5_000, { name: "report", userId: noor });
    await stand.leave(mira);
    await stand.publishEntries({ ...entry(2_501), name: "report late" });
    await stand.host.drain();
    const { rows } =
      await sql`SELECT id FROM search.documents WHERE kind = 4 AND (owner_id = ${mira} OR title <> '')`.execute(db());
    assert.deepEqual(rows, [{ id: 5_000 }]);
    assert.deepEqual(stand.erased, [`search ${mira}`]);
    stand.entries.set(2_502, { ...entry(2_502), name: "report later" });
    await stand.client.rebuild({}, admin);
    assert.deepEqual([await stand.files("report", mira), await stand.files("report", noor)], [[], [5_000]]);
  });

  it("keeps tombstones for a week", async () => {
    await stand.file(10, { name: "a" });
    await stand.file(11, { name: "b" });
    await stand.file(10, { state: "deleted" });
    const ids = async () =>
      (await sql<{ id: number }>`SELECT id FROM search.documents WHERE kind = 4 ORDER BY id`.execute(db())).rows.map(
        ({ id }) => id,
      );
    for (const days of [6, 2]) {
      stand.clockMs += days * 86_400_000;
      await stand.host.tick("search.tidy");
      assert.deepEqual(await ids(), days === 6 ? [10, 11] : [11]);
    }
  });

  it("is the same in a process that starts later, which suggests none of the names", async () => {
    await stand.file(10, { name: "secret tax.pdf" });
    await stand.tag(5, "secretary");
    await stand.settled();
    const memory = new SearchMemory({ db: db(), log, now: () => stand.clockMs });
    await memory.refresh();
    assert.deepEqual(
      memory.index.search({ text: "tax", scope: mira }).hits.map(({ id }) => id),
      [10],
    );
    for (const names of [memory.users, memory.hashtags])
      assert.ok(names.startingWith("secret", 10).every(({ text }) => text === "secretary"));
  });
});

const sortedFiles = async (q: string) => (await stand.files(q, mira)).toSorted((a, b) => a - b);
const entry = (id: number): OwnedEntry => ({ id, userId: mira, version: 1, state: "live", kind: "other", name: "" });
