import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, type Db, type Host, plugin } from "#kernel";
import { TestHost } from "../../host/testing.ts";
import { Gather, inOrderOf } from "./gather.ts";

interface Tables {
  notes: { id: number; owner: number };
}

describe("gathered look-ups", () => {
  before(() => host.add(notes));
  beforeEach(async () => {
    await host.clear();
    requestedKeys.length = 0;
    await db
      .insertInto("notes")
      .values(Array.from({ length: 300 }, (_, n) => ({ id: n, owner: n * 2 })))
      .execute();
  });
  after(() => host[Symbol.asyncDispose]());

  it("run one statement for concurrent callers, and answer each in the order of its keys", async () => {
    const gather = gatherOf();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => gather.all([n, 500, n + 1])));
    assert.deepEqual(
      answers.map((rows) => rows.map((row) => row?.owner)),
      Array.from({ length: 50 }, (_, n) => [n * 2, undefined, n * 2 + 2]),
    );
    assert.deepEqual(requestedKeys, [150]);
  });

  it("limit the keys of a statement, and never split those of one caller", async () => {
    const gather = gatherOf({ keysMax: 40, lanes: 1 });
    const many = Array.from({ length: 90 }, (_, n) => n);
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, (_, n) => gather.all([n, n])),
      gather.all(many),
      gather.all([7]),
    ]);
    assert.equal(answers.at(-2)?.length, 90);
    assert.deepEqual(answers.at(-1), [{ id: 7, owner: 14 }]);
    assert.deepEqual(requestedKeys, [40, 20, 90, 1]);
  });

  it("read after each request, so that no caller misses an earlier commit", async () => {
    const gather = gatherOf({ lanes: 1 });
    const seen: (number | undefined)[] = [];
    const looking = Promise.all(Array.from({ length: 20 }, () => gather.get(1)));
    await db.updateTable("notes").set({ owner: 9 }).where("id", "=", 1).execute();
    seen.push((await gather.get(1))?.owner);
    await looking;
    assert.deepEqual(seen, [9]);
  });

  it("fail all callers of one statement together, and work again afterwards", async () => {
    const gather = gatherOf();
    const outcomes = await Promise.allSettled([gather.get(1), gather.get(-1)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal((await gather.get(2))?.owner, 4);
  });

  it("run no statement for an empty list of keys", async () => {
    assert.deepEqual(await gatherOf().all([]), []);
    assert.deepEqual(requestedKeys, []);
  });
});

const requestedKeys: number[] = [];
const gatherOf = (sizes = {}) =>
  new Gather<Tables, number, { id: number; owner: number }>(
    db,
    async (reader, ids) => {
      requestedKeys.push(ids.length);
      if (ids.includes(-1)) throw new Error("not this one");
      const rows = await reader
        .selectFrom("notes")
        .select(["id", "owner"])
        .where("id", "in", [...ids])
        .execute();
      return inOrderOf(ids, rows, ({ id }) => id);
    },
    sizes,
  );

let db: Db<Tables>;
const host = new TestHost();
const notes = plugin({
  contract: contract("notes", 1, {}),
  needs: [],
  migrations: ["CREATE TABLE notes (id BIGINT PRIMARY KEY, owner BIGINT NOT NULL)"],
  start(given: Host<Tables>) {
    db = given.db;
    return { handlers: {} };
  },
});
