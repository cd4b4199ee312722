import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { contract, type Db, type Host, type Id, plugin, type Reader } from "#kernel";
import { TestHost } from "#kernel/testing";
import { KeptRows } from "./kept-rows.ts";

interface Tables {
  notes: { id: number; text: string };
}

describe("kept rows", () => {
  before(() => host.add(notes));
  beforeEach(async () => {
    await host.clear();
    asked = { versions: 0, rows: 0 };
    const values = Array.from({ length: 20 }, (_, n) => ({ id: n + 1, text: `note ${n + 1}` }));
    await db.insertInto("notes").values(values).execute();
  });
  after(() => host[Symbol.asyncDispose]());

  it("are read once while they stay as they are, and are the same object each time", async () => {
    const kept = keptRows();
    const [first] = await kept.byIds(db, [1, 2]);
    const again = await kept.byIds(db, [1, 2, 3, 99]);
    assert.deepEqual(again.map(({ text }) => text).toSorted(), ["note 1", "note 2", "note 3"]);
    assert.ok(again.some((row) => row === first && Object.isFrozen(row)));
    assert.deepEqual(asked, { versions: 2, rows: 4 });
  });

  it("are read anew after every change, also one that was taken back, and are gone when they are deleted", async () => {
    const kept = keptRows();
    const seen = async () => (await kept.byIds(db, [1])).map(({ text }) => text);
    assert.deepEqual(await seen(), ["note 1"]);
    await write("other");
    assert.deepEqual(await seen(), ["other"]);
    await write("note 1");
    assert.deepEqual(await seen(), ["note 1"]);
    await db.deleteFrom("notes").where("id", "=", 1).execute();
    assert.deepEqual(await seen(), []);
    await db.insertInto("notes").values({ id: 1, text: "new" }).execute();
    assert.deepEqual(await seen(), ["new"]);
  });

  it("are never older than the question, however many change and ask at once", async () => {
    const kept = keptRows();
    const written = new Map<number, number>();
    let n = 0;
    const writing = Array.from({ length: 4 }, async (_, of) => {
      for (let i = 0; i < 50; i++) {
        const [id, value] = [of * 5 + (i % 5) + 1, ++n];
        await db
          .updateTable("notes")
          .set({ text: String(value) })
          .where("id", "=", id)
          .execute();
        written.set(id, value);
      }
    });
    const reading = Array.from({ length: 6 }, async () => {
      for (let i = 0; i < 60; i++) {
        const least = new Map(written);
        for (const { id, text } of await kept.byIds(db, [1, 6, 11, 16, 2, 7]))
          assert.ok(!least.has(id) || Number(text) >= (least.get(id) ?? 0), `${id} was ${text}`);
      }
    });
    await Promise.all([...writing, ...reading]);
  });

  it("are found by versions that another statement told, in their order, and what changed since is read", async () => {
    const kept = keptRows();
    const [one] = await kept.byIds(db, [1, 2, 3]);
    await write("other");
    await db.deleteFrom("notes").where("id", "=", 3).execute();
    const told = [...(await of(db, [4, 2, 1]).orderBy("id", "desc").execute()), { id: 3, stamp: "gone" }];
    await write("latest");
    asked = { versions: 0, rows: 0 };
    const rows = await kept.ofVersions(told);
    assert.deepEqual(
      rows.map((row) => row?.text),
      ["note 4", "note 2", "latest", undefined],
    );
    // Of the three it was not told right it knows an older version of two.
    assert.deepEqual(asked, { versions: 2, rows: 2 });
    assert.notEqual(rows[2], one);
    assert.deepEqual(await kept.ofVersions(await of(db, [2]).execute()), [rows[1]]);
    assert.deepEqual(asked, { versions: 2, rows: 2 });
  });

  it("are as many as they may be, and those that are looked at stay", async () => {
    const kept = keptRows(5);
    for (let id = 2; id <= 20; id++) await kept.byIds(db, [1, id]);
    assert.equal(asked.rows, 20);
    await kept.byIds(db, [2]);
    assert.equal(asked.rows, 21);
  });
});

let asked = { versions: 0, rows: 0 };
const write = (text: string) => db.updateTable("notes").set({ text }).where("id", "=", 1).execute();
const of = (reader: Reader<Tables>, ids: readonly Id[]) =>
  reader
    .selectFrom("notes")
    .where("id", "in", [...ids])
    .select(["id", sql<string>`notes.xmin::text`.as("stamp")]);
const keptRows = (rowsMax = 5_000) =>
  new KeptRows<Tables, { id: number; stamp: string; text: string }>(
    db,
    {
      versions: (reader, ids) => {
        asked.versions += ids.length;
        return of(reader, ids).execute();
      },
      rows: (reader, ids) => {
        asked.rows += ids.length;
        return of(reader, ids).select("text").execute();
      },
    },
    rowsMax,
  );

let db: Db<Tables>;
const host = new TestHost();
const notes = plugin({
  contract: contract("notes", 1, {}),
  needs: [],
  migrations: ["CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL)"],
  start(given: Host<Tables>) {
    db = given.db;
    return { handlers: {} };
  },
});
