import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openDb } from "../db/pool.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { databaseNow, testDatabase } from "../host/testing.ts";
import { until } from "#test/until";
import { createLeasedLocks } from "./leased.ts";
import type { Lease, Locks } from "./port.ts";

/** The conformance suite of locks between processes, run against each adapter. */
describe("a lock leased in PostgreSQL", () => {
  before(async () => {
    const address = await testDatabase("lock", []);
    for (let i = 0; i < 2; i++) databases.push(openDb(address, { service: "lock" }));
    [db] = databases as [Db<KernelTables>]; // Two were opened.
    [one, other] = databases.map((each, n) => createLeasedLocks(each, { owner: `process ${n}` })) as [Locks, Locks];
  });
  after(() => Promise.all(databases.map((each) => each.close())));

  it("is held by one holder at a time, and by the next one after the work", async () => {
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

  it("is independent of locks with other names", async () => {
    assert.equal(await one.try("a", async () => other.try("b", async () => 1)), 1);
  });

  it("is released when the work fails", async () => {
    await assert.rejects(
      one.try("a", () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await other.try("a", async () => 1), 1);
  });

  it("holds no database connection during the work", async () => {
    await one.try("a", () => until(() => db.inUse() === 0));
  });

  it("refuses changes of a holder that outlived its lease (fencing)", async () => {
    const late = await one.try("a", async (stale) => {
      assert.equal(await isHeld(stale), true);
      await db.updateTable("locks").set({ lease_until_ms: 0 }).execute();
      assert.equal(await isHeld(stale), false, "the lease is over");
      return other.try("a", async (fresh) => {
        assert.ok(fresh.fence > stale.fence);
        return [await isHeld(stale), await isHeld(fresh)];
      });
    });
    assert.deepEqual(late, [false, true]);
  });

  it("gives growing fences to successive holders", async () => {
    const fences: number[] = [];
    for (const locks of [one, other, one]) await locks.try("grow", async ({ fence }) => fences.push(fence));
    assert.deepEqual(
      fences,
      fences.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(fences).size, 3);
  });

  it("is renewed during the work, and aborts its holder's signal when the renewal fails", async () => {
    const short = createLeasedLocks(db, { owner: "short", leaseMs: 300 });
    await short.try("renewed", async (lease) => {
      const { lease_until_ms: first } = await row("renewed");
      await until(async () => (await row("renewed")).lease_until_ms > first);
      assert.deepEqual([lease.signal.aborted, await isHeld(lease)], [false, true]);
      await db
        .updateTable("locks")
        .set({ fence: lease.fence + 1 })
        .where("name", "=", "renewed")
        .execute();
      await until(() => lease.signal.aborted);
    });
  });

  it("is taken over after a crash by the restarted process, but not by another one", async () => {
    const crashed = Promise.withResolvers<void>();
    const holder = createLeasedLocks(db, { owner: "crashed" });
    const crashedWork = holder.try("c", () => crashed.promise);
    await until(async () => (await row("c").catch(() => undefined)) !== undefined);
    assert.equal(await other.try("c", async () => 1), undefined);
    // A process of the same name is that process, started again.
    assert.equal(await createLeasedLocks(db, { owner: "crashed" }).try("c", async () => 1), 1);
    crashed.resolve();
    await crashedWork;
  });

  it("is taken over from a crashed process when its lease ends, not before", async () => {
    // A process that is gone renews and releases nothing: its row is all that is left.
    const endMs = (await databaseNow(db)) + 1_000;
    await db.insertInto("locks").values({ name: "left", owner: "crashed", fence: 1, lease_until_ms: endMs }).execute();
    assert.equal(await other.try("left", async () => 1), undefined);
    await until(async () => (await other.try("left", async () => 1)) === 1);
    assert.ok((await databaseNow(db)) >= endMs);
  });
});

const databases: Db<KernelTables>[] = [];
let db: Db<KernelTables>;
let one: Locks;
let other: Locks;

const isHeld = (lease: Lease) => db.tx((tx) => lease.holds(tx));
const row = (name: string) =>
  db.selectFrom("locks").select(["fence", "lease_until_ms"]).where("name", "=", name).executeTakeFirstOrThrow();
