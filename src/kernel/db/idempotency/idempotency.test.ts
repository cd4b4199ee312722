import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { clockMs } from "#kernel/db/tables";
import { until } from "#test/until";
import { type Generated, sql } from "kysely";
import { testDatabase } from "../../host/testing.ts";
import { runOnce } from "./idempotency.ts";
import { claim, claimMs, releaseClaims } from "./idempotency-store.ts";
import { openDb } from "../pool.ts";
import type { Db } from "../port.ts";
import type { KernelTables } from "../tables.ts";

describe("a command with an idempotency key (R3)", () => {
  before(async () => {
    db = openDb(
      await testDatabase("once", ["CREATE TABLE notes (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT)"]),
      {
        service: "once",
        connectionsMax: 4,
      },
    );
  });
  beforeEach(() => sql`TRUNCATE notes, idempotency RESTART IDENTITY`.execute(db));
  after(() => db.close());

  it("takes effect once, and each repeat gets the first answer", async () => {
    const first = await once(add("a"));
    assert.deepEqual(first, { id: 1, text: "a" });
    assert.deepEqual(await once(add("a")), first);
    assert.deepEqual(await texts(), ["a"]);
  });

  it("makes a repeat wait for the attempt under way", async () => {
    const released = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const slow = once(async () => {
      began.resolve();
      await released.promise;
      return add("slow")();
    });
    await began.promise;
    const repeat = once(add("repeat"));
    released.resolve();
    assert.deepEqual(await repeat, await slow);
    assert.deepEqual(await texts(), ["slow"]);
  });

  it("holds no connection while it waits between its transactions", async () => {
    const released = Promise.withResolvers<void>();
    let begun = 0;
    // More commands than the pool has connections wait for a service that does not answer yet.
    const commands = Array.from({ length: 20 }, (_, n) =>
      once(
        async () => {
          begun += 1;
          await released.promise;
          return add(`n${n}`)();
        },
        { key: `held ${n}` },
      ),
    );
    await until(() => begun === 20);
    await until(() => db.inUse() === 0);
    assert.deepEqual(await texts(), []);
    released.resolve();
    await Promise.all(commands);
    assert.equal((await texts()).length, 20);
  });

  it("returns its stored answer after a crash that followed the commit, without running again", async () => {
    const crash = new Error("the process ended");
    await assert.rejects(once(add("a"), { done: () => Promise.reject(crash) }), crash);
    assert.deepEqual(await once(add("b")), { id: 1, text: "a" });
    assert.deepEqual(await texts(), ["a"]);
  });

  it("runs again, if it is repeatable, after a crash before its answer was stored", async () => {
    const crash = new Error("the process ended");
    const rename = (text: string) => async () => {
      await db.tx((tx) => tx.insertInto("notes").values({ text }).execute());
      return { text };
    };
    const isRepeatable = true;
    await assert.rejects(once(rename("a"), { isRepeatable, done: () => Promise.reject(crash) }), crash);
    assert.deepEqual(await once(rename("a"), { isRepeatable }), { text: "a" });
    assert.deepEqual(await once(rename("b"), { isRepeatable }), { text: "a" });
    assert.deepEqual(await texts(), ["a", "a"]);
  });

  it("leaves nothing behind after a failure, so that it can be retried", async () => {
    const refused = new Error("not now");
    const failing = () =>
      db.tx(async (tx) => {
        await tx.insertInto("notes").values({ text: "refused" }).execute();
        throw refused;
      });
    await assert.rejects(once(failing), refused);
    assert.deepEqual(await db.selectFrom("idempotency").select("key").execute(), []);
    assert.deepEqual(await once(add("a")), { id: 2, text: "a" });
  });

  it("commits nothing after another process has taken it over", async () => {
    const taken = once(async () => {
      // As if this process had stood still for longer than its lease.
      await db.updateTable("idempotency").set({ lease_until_ms: 0 }).execute();
      assert.equal((await claim(db, key("k"), "body", "other")).kind, "claimed");
      return add("late")();
    });
    await assert.rejects(taken, { code: "kernel.claim_lost", retryable: true });
    assert.deepEqual(await texts(), []);
  });

  it("is refused when its key was used for another request", async () => {
    await once(add("a"));
    await assert.rejects(once(add("b"), { bodyHash: "other" }), { code: "kernel.idempotency_key_reused" });
  });

  it("is busy after a crash until its lease ends or the crashed process starts again", async () => {
    assert.equal((await claim(db, key("k"), "body", "crashed")).kind, "claimed");
    assert.equal((await claim(db, key("k"), "body", "other")).kind, "busy");
    const { rows } = await sql<{ left: number }>`SELECT lease_until_ms - ${clockMs} AS left FROM idempotency`.execute(
      db,
    );
    assert.ok((rows[0]?.left ?? Number.NaN) <= claimMs);
    await releaseClaims(db, "crashed");
    assert.equal((await claim(db, key("k"), "body", "other")).kind, "claimed");
  });
});

interface Tables extends KernelTables {
  notes: { id: Generated<number>; text: string };
}
let db: Db<Tables>;

const key = (name: string) => ({ userId: 1, method: "once.add", key: name });
/** A command that may not run twice. */
const add = (text: string) => () =>
  db.answer(async (tx) => {
    const { id } = await tx.insertInto("notes").values({ text }).returning("id").executeTakeFirstOrThrow();
    return { id, text };
  });
const texts = async () => {
  const rows = await db.selectFrom("notes").select("text").orderBy("id").execute();
  return rows.map(({ text }) => text);
};

function once(
  run: () => Promise<object>,
  { key: name = "k", bodyHash = "body", isRepeatable = false, done = async () => {} } = {},
): Promise<object> {
  const kernel = db as unknown as Db<KernelTables>;
  const signal = AbortSignal.timeout(30_000);
  return runOnce({ db: kernel, key: key(name), bodyHash, owner: "test", signal, isRepeatable, done }, run);
}
