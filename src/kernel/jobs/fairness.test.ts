import assert from "node:assert/strict";
import { clockMs } from "#kernel/db/tables";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { sql } from "kysely";
import { until } from "#test/until";
import { openDb } from "../db/pool.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { databaseNow, testDatabase } from "../host/testing.ts";
import * as store from "./store.ts";

describe("the next job", () => {
  before(async () => {
    db = openDb(await testDatabase("fairness", []), { service: "fairness" });
  });
  after(() => db.close());

  it("belongs to the owner who waited longest, even if another owner has fifty jobs waiting", async () => {
    await clear();
    for (let n = 0; n < 50; n++) await add({ owner: 1 });
    const first = await claim();
    await add({ owner: 2 });
    await end(first);
    assert.deepEqual([first?.owner, (await claim())?.owner], [1, 2]);
  });

  it("belongs to the owner with the fewest running jobs", async () => {
    await clear();
    for (const owner of [1, 1, 2, 2, 3]) await add({ owner });
    const owners = [];
    for (let n = 0; n < 5; n++) owners.push((await claim())?.owner);
    assert.deepEqual(owners, [1, 2, 3, 1, 2]);
  });

  it("does not belong to an owner with a running job while another owner has none", async () => {
    await clear();
    for (const owner of [1, 1, 2, 2]) await add({ owner });
    const [one, other] = [await claim(), await claim()];
    await end(other);
    assert.deepEqual([one?.owner, other?.owner, (await claim())?.owner], [1, 2, 2]);
  });

  it("has the highest priority, and its kind is open", async () => {
    await clear();
    await add({ owner: 1, priority: 1 });
    await add({ owner: 1, priority: 2, kind: "other" });
    await add({ owner: 1, priority: 2 });
    const claimed = [await claim(), await claim(), await claim()];
    assert.deepEqual(
      claimed.map((one) => one?.id),
      [3, 1, undefined],
    );
  });

  it("agrees with a simple model under random additions, claims and completions", async () => {
    const owner = fc.constantFrom(1, 2, 3, null);
    const step = fc.oneof(
      fc.record({ what: fc.constant("add" as const), owner, priority: fc.constantFrom(0, 10) }),
      fc.record({ what: fc.constant("claim" as const) }),
      fc.record({ what: fc.constant("end" as const), which: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (all) => {
        await clear();
        const model: Modelled[] = [];
        for (const one of all) {
          if (one.what === "add") model.push({ id: await add(one), ...one, state: "queued", turn: 0 });
          const running = model.filter(({ state }) => state === "running");
          const ended = one.what === "end" ? running[one.which % Math.max(1, running.length)] : undefined;
          if (ended) {
            await end(ended);
            ended.state = "done";
          }
          if (one.what !== "claim") continue;
          const next = nextOf(model);
          assert.equal((await claim())?.id, next?.id);
          if (next) Object.assign(next, { state: "running", turn: Math.max(...model.map(({ turn }) => turn)) + 1 });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("is found without reading all waiting jobs", async () => {
    await clear();
    await sql`INSERT INTO jobs (id, kind, payload, priority, attempts_max, due_ms, trace_id, created_at_ms, owner_id)
      SELECT n, 'work', '', n % 2, 3, CASE WHEN n % 5 = 0 THEN ${clockMs} + 3600000 ELSE n END, '', 0, nullif(n % 4, 0)
      FROM generate_series(1, 3000) AS n`.execute(db);
    await sql`ANALYZE jobs`.execute(db);
    const { claimed, read } = await db.tx(async (tx) => {
      const soFar = () =>
        sql<{ tuples: number }>`SELECT seq_tup_read + idx_tup_fetch AS tuples FROM pg_stat_xact_user_tables
          WHERE relname = 'jobs'`
          .execute(tx)
          .then(({ rows }) => Number(rows[0]?.tuples));
      const before = await soFar();
      const claimed = await store.claim(tx, [{ kind: "work", leaseMs: 60_000 }], ["work"], "test");
      return { claimed, read: (await soFar()) - before };
    });
    // The oldest job of the higher priority is first while no owner had a turn yet.
    assert.ok("job" in claimed);
    assert.equal(claimed.job.id, 1);
    assert.ok(read > 0 && read < 200, `${read} rows were read`);
  });

  it("goes to a single worker when several claim concurrently", async () => {
    await clear();
    for (let n = 0; n < 8; n++) await add({ owner: n % 3 });
    const claimed = await Promise.all(Array.from({ length: 12 }, claim));
    const ids = claimed.flatMap((one) => one?.id ?? []);
    assert.equal(new Set(ids).size, ids.length);
    for (let left = 8 - ids.length; left > 0; left--) assert.ok(await claim());
    assert.equal(await claim(), undefined);
  });

  it("returns the time until the next job is due or a lease ends when none is due", async () => {
    await clear();
    assert.deepEqual(await turn(), { waitMs: undefined });
    const id = await add({ owner: 1 });
    await claim();
    const untilLease = await turn();
    assert.ok("waitMs" in untilLease);
    assert.ok(Math.abs((untilLease.waitMs ?? 0) - 60_000) < 30_000, `${untilLease.waitMs} ms until the lease ends`);
    await sql`UPDATE jobs SET state = 'queued', due_ms = ${clockMs} + 600000 WHERE id = ${id}`.execute(db);
    const untilDue = await turn();
    assert.ok("waitMs" in untilDue);
    assert.ok(Math.abs((untilDue.waitMs ?? 0) - 600_000) < 30_000, `${untilDue.waitMs} ms until the job is due`);
  });
});

describe("a job with a silent worker", () => {
  before(async () => {
    db = openDb(await testDatabase("fairness", []), { service: "fairness" });
  });
  after(() => db.close());

  it("keeps its attempts, waits longer after further losses, and is given up after too many (D4)", async () => {
    await clear();
    const id = await add({ owner: 1 });
    for (const [n, restMs] of [0, 5_000, 20_000, 60_000, 60_000, 60_000, 60_000, undefined].entries()) {
      assert.equal((await claim())?.attempt, 1);
      await sql`UPDATE jobs SET lease_until_ms = 0`.execute(db);
      const before = await databaseNow(db);
      const lost = await store.requeueExpired(db, ["work"]);
      const after = await databaseNow(db);
      assert.deepEqual(
        lost.map((row) => row.id),
        n < store.lostMax - 1 ? [] : [id],
      );
      if (restMs === undefined) continue;
      const { rows } = await sql<{ due: number }>`SELECT due_ms AS due FROM jobs WHERE id = ${id}`.execute(db);
      const due = rows[0]?.due ?? Number.NaN;
      assert.ok(due - after <= restMs && due - before >= restMs / 2, `loss ${n + 1} rests ${due - before} ms`);
      await sql`UPDATE jobs SET due_ms = 0`.execute(db);
    }
  });

  it("is queued again behind waiting jobs", async () => {
    await clear();
    const [lost, other] = [await add({ owner: 1 }), await add({ owner: 1 })];
    assert.equal((await claim())?.id, lost);
    await sql`UPDATE jobs SET lease_until_ms = 0 WHERE id = ${lost}`.execute(db);
    await store.requeueExpired(db, ["work"]);
    assert.equal((await claim())?.id, other);
    assert.equal((await claim())?.id, lost);
  });
});

describe("cancellation by key", () => {
  before(async () => {
    db = openDb(await testDatabase("fairness", []), { service: "fairness" });
  });
  after(() => db.close());

  it("also cancels a job that an ending job adds concurrently", async () => {
    await clear();
    await add({ owner: 1, key: "video" });
    const running = await claim();
    const isEnding = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const ending = db.tx(async (tx) => {
      await store.end(tx, running?.id ?? 0, 1, "done", null);
      await insert(tx, 2, { owner: 1, key: "video", kind: "other" });
      isEnding.resolve();
      await mayEnd.promise;
    });
    await isEnding.promise;
    const cancelling = db.tx((tx) => store.cancelAll(tx, ["work", "other"], "video"));
    await until(async () => (await blocked.execute(db)).rows.length > 0);
    mayEnd.resolve();
    await ending;
    assert.equal(await cancelling, 1);
    const { rows } = await sql<{ state: string }>`SELECT state FROM jobs ORDER BY id`.execute(db);
    assert.deepEqual(
      rows.map(({ state }) => state),
      ["done", "cancelled"],
    );
  });

  it("leaves jobs with other keys alone", async () => {
    await clear();
    await add({ owner: 1, key: "one" });
    await add({ owner: 1, key: "other" });
    assert.equal(await db.tx((tx) => store.cancelAll(tx, ["work"], "one")), 1);
    assert.equal((await claim())?.id, 2);
  });
});

interface Added {
  readonly owner: number | null;
  readonly priority?: number;
  readonly kind?: string;
  readonly key?: string;
}
interface Modelled {
  readonly id: number;
  readonly owner: number | null;
  readonly priority: number;
  state: "queued" | "running" | "done";
  /** The how manieth claim it was; 0 before that. */
  turn: number;
}

const blocked = sql`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
let db: Db<KernelTables>;
let count = 0;

/** The rule in its simplest form. Jobs without an owner have none who could have had a turn. */
function nextOf(model: readonly Modelled[]): Modelled | undefined {
  const of = (owner: number | null) => (owner === null ? [] : model.filter((one) => one.owner === owner));
  const runningCount = (owner: number | null) => of(owner).filter(({ state }) => state === "running").length;
  const served = (owner: number | null) => Math.max(0, ...of(owner).map(({ turn }) => turn));
  return model
    .filter(({ state }) => state === "queued")
    .toSorted(
      (a, b) =>
        b.priority - a.priority ||
        runningCount(a.owner) - runningCount(b.owner) ||
        served(a.owner) - served(b.owner) ||
        a.id - b.id,
    )[0];
}

async function clear(): Promise<void> {
  await sql`TRUNCATE jobs`.execute(db);
  count = 0;
}

async function insert(tx: Parameters<typeof store.insert>[0], id: number, added: Added): Promise<number> {
  const { owner, priority, kind = "work", key } = added;
  return store.insert(
    tx,
    { id, kind, traceId: "", attemptsMax: 3, nowMs: 0 },
    {
      payload: {},
      ...(priority !== undefined && { priority }),
      ...(owner !== null && { ownerId: owner }),
      ...(key !== undefined && { uniqueKey: key }),
    },
  );
}

async function add(added: Added): Promise<number> {
  count += 1;
  const id = await db.tx((tx) => insert(tx, count, added));
  // The database's clock counts milliseconds, which may be alike.
  await sql`UPDATE jobs SET due_ms = ${count} WHERE id = ${id}`.execute(db);
  return id;
}

const turn = () => store.claim(db, [{ kind: "work", leaseMs: 60_000 }], ["work"], "test");

async function claim() {
  const claimed = await turn();
  if (!("job" in claimed)) return undefined;
  const { id, attempt } = claimed.job;
  await sql`UPDATE jobs SET claimed_at_ms = (SELECT max(claimed_at_ms) FROM jobs) + 1 WHERE id = ${id}`.execute(db);
  const { rows } = await sql<{ owner: number | null }>`SELECT owner_id AS owner FROM jobs WHERE id = ${id}`.execute(db);
  return { id, attempt, owner: rows[0]?.owner ?? null };
}

const end = (job: { readonly id: number } | undefined) =>
  sql`UPDATE jobs SET state = 'done', ended_at_ms = ${clockMs} WHERE id = ${job?.id ?? 0}`.execute(db);
