import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { openDb } from "../../db/pool.ts";
import type { Db } from "../../db/port.ts";
import type { KernelTables } from "../../db/tables.ts";
import { testDatabase } from "../../host/testing.ts";
import { silentLog } from "../../log/port.ts";
import { idTimeMs } from "../id.ts";
import { chooseNumber, type NodeNumber } from "./choice.ts";
import { IdSource } from "./id-source.ts";
import { heldNumbers } from "./store.ts";

describe("ids of processes", () => {
  before(async () => {
    db = openDb<KernelTables>(await testDatabase("nodes", []), { service: "nodes" });
  });
  beforeEach(async () => {
    seen.clear();
    await sql`DELETE FROM nodes`.execute(db);
  });
  afterEach(() => Promise.all(open.splice(0).map((source) => source.stop())));
  after(() => db.close());

  it("never repeat, however quickly restarts follow and whatever the clock does (D7)", async () => {
    const startsMs = [0, 0, 10, 2_000, 2_500, -3_600_000, -3_600_000, 3_000, 60_000, 60_010, 7_200_000];
    for (const [n, atMs] of startsMs.entries()) {
      const source = await start("one", () => startMs + atMs);
      make(source, 50);
      // The others are killed, and the next run goes on with their number.
      if (n % 3 === 0) await source.stop();
    }
    assert.equal(seen.size, 550);
  });

  it("stay near the clock, also of a process that is killed often", async () => {
    let id = 0;
    for (let n = 0; n < 100; n++) id = (await start("one", () => startMs + n * 1_000)).next();
    assert.ok(Math.abs(idTimeMs(id) - (startMs + 99_000)) <= 11_000, `${idTimeMs(id) - startMs} ms`);
  });

  it("have a number of their own in each of 64 processes that start at once, and a 65th is refused", async () => {
    const sources = await Promise.all(Array.from({ length: 64 }, (_, n) => start(`process ${n}`)));
    assert.deepEqual(
      sources.map(({ number }) => number).toSorted((a, b) => a - b),
      [...Array(64).keys()],
    );
    for (const source of sources) make(source, 10);
    assert.equal(await heldNumbers(db), 64);
    const oneMore = IdSource.open({ db, service: "nodes", holder: "one more", now: Date.now, log: silentLog }, 600);
    await assert.rejects(oneMore, /64 processes of nodes are running, .* stop one of them/);
  });

  it("use a number that was given back, once the clock has passed its last id", async () => {
    let clock = startMs;
    const first = await start("first", () => clock);
    make(first, 3_000);
    await first.stop();
    const second = await start("second", () => clock);
    assert.notEqual(second.number, first.number);
    clock += 1_000;
    const third = await start("third", () => clock);
    assert.equal(third.number, first.number);
    for (const source of [second, third]) make(source, 2_000);
  });

  it("are not made by a process that stood still, until it has renewed its lease", async () => {
    let losses = 0;
    const pause = 60_000;
    const paused = await start("paused", undefined, () => losses++);
    make(paused, 10);
    const { number } = paused;
    elapsedMs += pause;
    assert.ok(!paused.isReady());
    assert.throws(() => paused.next(), { code: "kernel.no_id", http: 503 });
    await paused.renew();
    make(paused, 10);
    assert.deepEqual([paused.number, losses], [number, 0]);

    // Another process took the number meanwhile, whose clock has passed its ids.
    elapsedMs += pause;
    await sql`UPDATE nodes SET lease_until_ms = 0`.execute(db);
    const other = await start("other", () => Date.now() + pause);
    assert.equal(other.number, number);
    assert.throws(() => paused.next(), { code: "kernel.no_id" });
    await paused.renew();
    assert.notEqual(paused.number, number);
    assert.equal(losses, 1);
    for (const source of [paused, other]) make(source, 2_000);
  });

  it("are made without a pause when the clock jumps, and follow it after the next renewal", async () => {
    let clock = startMs;
    const source = await start("jumping", () => clock);
    make(source, 10);
    for (const jump of [3_600_000, -7_200_000, 86_400_000]) {
      clock += jump;
      make(source, 3_000);
      await source.renew();
      make(source, 10);
    }
    assert.ok(Math.abs(idTimeMs(source.next()) - clock) < 100);
  });

  it("end a dispute of two processes of one name: each keeps a number", async () => {
    const [one, other] = [await start("same"), await start("same")];
    for (let round = 0; round < 4; round++) {
      await Promise.all([one.renew(), other.renew()]);
      for (const source of [one, other]) make(source, 100);
    }
    assert.notEqual(one.number, other.number);
  });
});

describe("the choice of a node number", () => {
  const row = (number: number, changes: Partial<NodeNumber> = {}): NodeNumber => ({
    number,
    holder: `p${number}`,
    fence: 1,
    leaseLeftMs: 1_000,
    tick: 10,
    ...changes,
  });
  const seeker = { name: "me", mayResume: true, tick: 20 };

  it("prefers the process's own, then the lowest that is free, then the lowest unused", () => {
    const free = row(1, { leaseLeftMs: -1 });
    assert.equal(chooseNumber([row(0), free, row(2, { holder: "me" })], seeker), 2);
    assert.equal(chooseNumber([row(0), free, row(2, { holder: "me" })], { ...seeker, mayResume: false }), 1);
    assert.equal(chooseNumber([row(0), row(2)], seeker), 1);
    assert.equal(chooseNumber([], seeker), 0);
  });

  it("never takes one that is leased, or whose ids lie at or beyond the clock", () => {
    assert.equal(chooseNumber([row(0, { leaseLeftMs: -1, tick: 20 })], seeker), 1);
    const all = Array.from({ length: 64 }, (_, number) => row(number));
    assert.equal(chooseNumber(all, seeker), undefined);
    assert.equal(chooseNumber(all.with(9, row(9, { leaseLeftMs: 0 })), seeker), 9);
  });
});

let db: Db<KernelTables>;
const open: IdSource[] = [];
const seen = new Set<number>();
let elapsedMs = 0;
const startMs = Date.UTC(2026, 10, 20);

async function start(holder: string, now: () => number = Date.now, lost: () => void = () => undefined) {
  const source = await IdSource.open({
    db,
    service: "nodes",
    holder,
    now,
    log: silentLog,
    lost,
    elapsedMs: () => elapsedMs,
  });
  open.push(source);
  return source;
}

function make(source: IdSource, count: number): void {
  for (let n = 0; n < count; n++) {
    const id = source.next();
    assert.ok(!seen.has(id), `${id} was made before`);
    seen.add(id);
  }
}
