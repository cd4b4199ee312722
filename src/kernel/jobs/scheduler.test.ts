import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { contract, plugin } from "#kernel";
import { TestHost } from "../host/testing.ts";
import { until } from "#test/until";
import type { KernelTables } from "../db/tables.ts";
import { startSchedules } from "./scheduler.ts";

describe("a schedule", () => {
  after(() => host[Symbol.asyncDispose]());

  it("continues when a clock that was far ahead is corrected", async () => {
    aheadMs = 30 * 24 * 3_600_000;
    await host.add(clock);
    await until(async () => (await mark()) > Date.now() + aheadMs / 2);
    aheadMs = 0;
    await until(async () => (await mark()) < Date.now() + 60_000);
    await until(() => runs.some((at) => at < Date.now() + 60_000));
  });

  it("does not run before a mark that another process's faster clock has set", async () => {
    aheadMs = 1_800_000;
    await until(async () => (await mark()) > Date.now() + aheadMs / 2);
    aheadMs = 0;
    // One that had begun with the clock ahead may still run; by the second look at the clock it has.
    await looks(2);
    const marked = runs.length;
    await looks(3);
    assert.equal(runs.length, marked);
  });
});

let aheadMs = 0;
let ticks = 0;
const runs: number[] = [];
const now = () => {
  ticks += 1;
  return Date.now() + aheadMs;
};
const host = new TestHost({ environment: { now }, parts: { schedule: startSchedules } });
const clock = plugin({
  contract: contract("clock", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    schedules: [{ name: "tick", pattern: "* * * * * *", run: async () => void runs.push(now()) }],
  }),
});

async function looks(count: number): Promise<void> {
  const ticked = ticks;
  await until(() => ticks >= ticked + count);
}
/** Up to when the schedule has been run, in milliseconds. */
async function mark(): Promise<number> {
  const row = await host
    .database<KernelTables>("clock")
    .selectFrom("marks")
    .select("value")
    .where("name", "=", "schedule.tick")
    .executeTakeFirst();
  return (row?.value ?? Number.NaN) * 1_000;
}
