import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { type Expression, sql } from "kysely";
import { contract, type Db, type Host, type Id, type PageInput, pageOf, plugin, type Reader } from "#kernel";
import { TestHost } from "../../host/testing.ts";
import { createLists } from "./lists.ts";

interface Tables {
  notes: { id: number; owner: number; heat: number };
}
const rows = Array.from({ length: 300 }, (_, n) => ({ id: n + 1, owner: n % 4, heat: (n * 7) % 11 }));

describe("batched lists", () => {
  before(() => host.add(notes));
  beforeEach(async () => {
    await host.clear();
    await db.insertInto("notes").values(rows).execute();
    statements = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("have the same pages for concurrent readers as for a single one", async () => {
    const pages = fc.record({
      owner: fc.nat(5),
      limit: fc.integer({ min: 1, max: 100 }),
      skip: fc.oneof(fc.constant(0), fc.nat(120)),
      count: fc.boolean(),
      turns: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(pages, { minLength: 1, maxLength: 40 }), async (all) => {
        const lists = hottest();
        await Promise.all(
          all.map(async ({ owner, turns, ...page }) => {
            let input: PageInput = page;
            for (let turn = 0; turn <= turns; turn++) {
              const { items, next, total } = await lists({ owner }, input);
              assert.deepEqual({ items, next, total }, { total: undefined, ...(await alone(owner, input)) });
              if (next === null) return;
              input = { ...page, skip: 0, cursor: next };
            }
          }),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("filter each page by its own id list and boolean, in ascending order", async () => {
    const question = fc.record({
      owner: fc.nat(3),
      without: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 60 }),
      isHotOnly: fc.boolean(),
      limit: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(question, { minLength: 1, maxLength: 12 }), async (all) => {
        const lists = chosen();
        await Promise.all(
          all.map(async ({ limit, ...given }) => {
            const expected = rows
              .filter(({ id, owner }) => owner === given.owner && !given.without.includes(id))
              .filter(({ heat: score }) => !given.isHotOnly || score > 5)
              .map(({ id }) => id);
            const listedIds: number[] = [];
            let cursor: string | undefined;
            do {
              const { items, next, total } = await lists(given, { limit, skip: 0, count: true, cursor });
              assert.equal(total, expected.length);
              listedIds.push(...items.map(({ id }) => id));
              cursor = next ?? undefined;
            } while (cursor !== undefined);
            assert.deepEqual(listedIds, expected);
          }),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("are read by one statement for concurrent callers", async () => {
    const lists = hottest();
    const page = { limit: 20, skip: 0, count: true };
    const results = await Promise.all([0, 1, 2, 3, 9].map((owner) => lists({ owner }, page)));
    assert.deepEqual(
      results.map(({ items, total }) => [items.length, total]),
      [...Array.from({ length: 4 }, () => [20, 75]), [0, 0]],
    );
    assert.equal(statements, 1);
  });

  it("answer other callers when one sends a forged cursor", async () => {
    const lists = hottest();
    const page = { limit: 2, skip: 0, count: false };
    const [good, forged] = await Promise.allSettled([
      lists({ owner: 1 }, page),
      lists({ owner: 1 }, { ...page, cursor: "bm8" }),
    ]);
    assert.deepEqual([good.status, forged.status], ["fulfilled", "rejected"]);
  });
});

let statements = 0;
const of = (reader: Reader<Tables>, owner: Expression<Id> | Id) =>
  reader.selectFrom("notes").select(["id", "heat"]).where("owner", "=", sql<number>`${owner}`);
const hottest = () =>
  createLists(db, {
    asks: { owner: "bigint" },
    rows: (reader, { owner }) => {
      statements++;
      return of(reader, owner);
    },
    key: { heat: "heat", id: "id" },
  });
const chosen = () =>
  createLists(db, {
    asks: { owner: "bigint", without: "bigint[]", isHotOnly: "boolean" },
    rows: (reader, { owner, without, isHotOnly }) =>
      of(reader, owner).where(sql<boolean>`id <> ALL(${without}) AND (heat > 5 OR NOT ${isHotOnly})`),
    key: { id: "id" },
    order: "asc",
  });
const alone = (owner: Id, page: PageInput) => pageOf(db, of(db, owner), { heat: "heat", id: "id" }, page);

let db: Db<Tables>;
const host = new TestHost();
const notes = plugin({
  contract: contract("notes", 1, {}),
  needs: [],
  migrations: [
    `CREATE TABLE notes (id BIGINT PRIMARY KEY, owner BIGINT NOT NULL, heat BIGINT NOT NULL);
     CREATE INDEX notes_hot ON notes (owner, heat DESC, id DESC)`,
  ],
  start(given: Host<Tables>) {
    db = given.db;
    return { handlers: {} };
  },
});
