import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { contract, plugin } from "#kernel";
import { TestHost } from "#kernel/testing";
import { until } from "#test/until";
import { startSchedules } from "./scheduler.ts";

describe("a schedule", () => {
  after(() => host[Symbol.asyncDispose]());

  it("goes on after a clock that was far ahead is right again", async () => {
    aheadMs = 30 * 24 * 3_600_000;
    await host.add(clock);
    await until(() => runs.some((at) => at > Date.now() + aheadMs / 2));
    aheadMs = 0;
    await until(() => runs.some((at) => at < Date.now() + 60_000), { waitMs: 15_000 });
  });

  it("waits for a mark that another process's clock, a little ahead, has made", async () => {
    aheadMs = 60_000;
    const began = runs.length;
    await until(() => runs.length > began);
    aheadMs = 0;
    const marked = runs.length;
    const ticked = ticks;
    await until(() => ticks > ticked + 2);
    // One that had begun with the clock ahead may still have run.
    assert.ok(runs.slice(marked).every((at) => at > Date.now() + 30_000));
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
