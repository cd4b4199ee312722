import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { contract, event, type Host, Id, type Job, job, on, plugin } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { TestHost } from "./testing.ts";
import { sql } from "kysely";
import { z } from "zod";
import { requeueExpired, releaseOwned } from "../jobs/store.ts";

describe("a host that starts after a crash", () => {
  beforeEach(() => {
    host = new TestHost();
    consumed.length = 0;
    worked.length = 0;
  });
  afterEach(() => host[Symbol.asyncDispose]());

  it("delivers no event and runs no job before every service has started", async () => {
    const whole = await host.host();
    await whole.add(publisher);
    await noteHost.db.tx((tx) => noteHost.emit(tx, published, 1, { id: 1 }));
    await noteHost.db.tx((tx) => noteHost.jobs.add(tx, "work", { payload: {} }));
    // Only time shows that nothing happens: a relay or a worker that ran would have begun within milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(worked, []);
    await whole.add(consumer);
    await whole.run();
    await whole.drain();
    assert.deepEqual([consumed, worked], [[1], [1]]);
  });

  it("gives up no job that was lost less often than allowed, whenever its lease ends", async () => {
    const whole = await host.host();
    await whole.add(publisher);
    const db = host.database<never>("publisher") as never; // With the kernel's tables, as every database.
    const lease = sql`UPDATE jobs SET state = 'running', attempt = 1, lost = 0, lease_owner = 'test', lease_until_ms = ${clockMs} + 60000`;
    for (let n = 0; n < 20; n++) await noteHost.db.tx((tx) => noteHost.jobs.add(tx, "work", { payload: {} }));
    for (let round = 0; round < 40; round++) {
      await lease.execute(db);
      const [lost] = await Promise.all([requeueExpired(db, ["work"]), releaseOwned(db, "test")]);
      assert.deepEqual(lost, []);
    }
  });
});

let host: TestHost;
let noteHost: Host;
const consumed: number[] = [];
const worked: number[] = [];
const published = event("publisher.published.v1", z.object({ id: Id }));
const publisher = plugin({
  contract: contract("publisher", 1, {}),
  needs: [],
  migrations: [],
  events: [published],
  start(its: Host) {
    noteHost = its;
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
const consumer = plugin({
  contract: contract("consumer", 1, {}),
  needs: [],
  migrations: [],
  start: (_: Host) => ({ handlers: {}, subscriptions: [on(published, async (__, { id }) => void consumed.push(id))] }),
});
