import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, type Db, type Host, plugin } from "#kernel";
import { TestHost } from "../../host/testing.ts";
import { Group } from "./group.ts";

interface Tables {
  notes: { id: number };
}

describe("group commit", () => {
  before(() => host.add(notes));
  beforeEach(async () => {
    await host.clear();
    batches.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("answers each caller with its own result, and writes concurrent changes in few transactions", async () => {
    const group = groupOf();
    const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => group.add(n)));
    assert.deepEqual(
      answers,
      Array.from({ length: 300 }, (_, n) => n * 2),
    );
    assert.ok(batches.length < 10, `${batches.length} transactions`);
    assert.ok(batches.every((size) => size <= 256));
    assert.equal(await rows(), 300);
  });

  it("rejects only the change that fails", async () => {
    const group = groupOf();
    const outcomes = await Promise.allSettled([1, 2, -1, 3].map((n) => group.add(n)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
    assert.equal(await rows(), 3);
    assert.equal(await group.add(4), 8);
  });
});

const batches: number[] = [];
const groupOf = () =>
  new Group<Tables, number, number>(db, async (tx, ids) => {
    batches.push(ids.length);
    if (ids.includes(-1)) throw new Error("not this one");
    await tx
      .insertInto("notes")
      .values(ids.map((id) => ({ id })))
      .execute();
    return ids.map((id) => id * 2);
  });
const rows = async () => (await db.selectFrom("notes").select("id").execute()).length;

let db: Db<Tables>;
const notes = plugin({
  contract: contract("notes", 1, {}),
  needs: [],
  migrations: ["CREATE TABLE notes (id BIGINT PRIMARY KEY)"],
  start(given: Host<Tables>) {
    ({ db } = given);
    return { handlers: {} };
  },
});
const host = new TestHost();
