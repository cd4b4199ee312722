import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openDb } from "../db/pool.ts";
import type { Db } from "../db/port.ts";
import { testDatabase } from "../testing.ts";
import type { Locks } from "./port.ts";
import { postgresLocks } from "./postgres.ts";

/** What every lock promises, asked for by two processes; each adapter is run through it. */
describe("a lock in PostgreSQL", () => {
  before(async () => {
    const address = await testDatabase("lock", []);
    for (let i = 0; i < 2; i++) databases.push(openDb(address));
    [one, other] = databases.map((db) => postgresLocks(db)) as [Locks, Locks]; // Two were opened.
  });
  after(() => Promise.all(databases.map((db) => db.close())));

  it("is held by one at a time, and by the next when the work is over", async () => {
    const refused = Promise.withResolvers<void>();
    let refusals = 0;
    let isHeld = false;
    const work = async (locks: Locks) => {
      const result = await locks.try("a", async () => {
        assert.equal(isHeld, false);
        isHeld = true;
        // Until all others were refused.
        await refused.promise;
        isHeld = false;
        return "done";
      });
      if (result === undefined && ++refusals === 3) refused.resolve();
      return result;
    };
    const results = await Promise.all([work(one), work(other), work(one), work(other)]);
    assert.equal(results.filter((result) => result === "done").length, 1);
    assert.equal(await work(other), "done");
  });

  it("has nothing to do with a lock of another name", async () => {
    assert.equal(await one.try("a", async () => other.try("b", async () => 1)), 1);
  });

  it("is free again when the work failed", async () => {
    await assert.rejects(
      one.try("a", () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await other.try("a", async () => 1), 1);
  });
});

const databases: Db<unknown>[] = [];
let one: Locks;
let other: Locks;
