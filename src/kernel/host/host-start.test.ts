import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { contract, event, type Host, Id, type Job, job, on, plugin } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { TestHost } from "./testing.ts";
import { sql } from "kysely";
import { z } from "zod";
import { expired, releaseOwned } from "../jobs/store.ts";

describe("a host that starts after a crash", () => {
  beforeEach(() => {
    host = new TestHost();
    heard.length = 0;
    worked.length = 0;
  });
  afterEach(() => host[Symbol.asyncDispose]());

  it("tells and works off nothing before every service is there", async () => {
    const whole = await host.host();
    await whole.add(teller);
    await given.db.tx((tx) => given.emit(tx, told, 1, { id: 1 }));
    await given.db.tx((tx) => given.jobs.add(tx, "work", { payload: {} }));
    // Only time shows that nothing happens: a relay or a worker that ran would have begun within milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(worked, []);
    await whole.add(hearer);
    await whole.run();
    await whole.drain();
    assert.deepEqual([heard, worked], [[1], [1]]);
  });

  it("buries no job that was not lost too often, whenever its lease ends", async () => {
    const whole = await host.host();
    await whole.add(teller);
    const db = host.database<never>("teller") as never; // With the kernel's tables, as every database.
    const lease = sql`UPDATE jobs SET state = 'running', attempt = 1, lost = 0, lease_owner = 'test', lease_until_ms = ${clockMs} + 60000`;
    for (let n = 0; n < 20; n++) await given.db.tx((tx) => given.jobs.add(tx, "work", { payload: {} }));
    for (let round = 0; round < 40; round++) {
      await lease.execute(db);
      const [lost] = await Promise.all([expired(db, ["work"]), releaseOwned(db, "test")]);
      assert.deepEqual(lost, []);
    }
  });
});

let host: TestHost;
let given: Host;
const heard: number[] = [];
const worked: number[] = [];
const told = event("teller.told.v1", z.object({ id: Id }));
const teller = plugin({
  contract: contract("teller", 1, {}),
  needs: [],
  migrations: [],
  events: [told],
  start(its: Host) {
    given = its;
    const work = job({
      kind: "work",
      concurrency: 1,
      attemptsMax: 3,
      leaseMs: 30_000,
      run: async (running: Job) => void worked.push(running.attempt),
    });
    return { handlers: {}, jobs: [work] };
  },
});
const hearer = plugin({
  contract: contract("hearer", 1, {}),
  needs: [],
  migrations: [],
  start: (_: Host) => ({ handlers: {}, subscriptions: [on(told, async (__, { id }) => void heard.push(id))] }),
});
