import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MemoryShortage } from "./memory-shortage.ts";

describe("F3: a shortage of memory", () => {
  let nowMs: number;
  let shortage: MemoryShortage;
  beforeEach(() => {
    nowMs = 0;
    shortage = new MemoryShortage(60_000, () => nowMs);
  });

  it("makes jobs wait for minutes, longer after each kill, up to a quarter of an hour", async () => {
    const waits = Array.from({ length: 5 }, () => shortage.recordKill() / 60_000);
    assert.deepEqual(waits, [1, 4, 15, 15, 15]);
    await shortage.during(async () => undefined);
    assert.equal(shortage.recordKill(), 60_000);
  });

  it("has one attempt run at a time until it is over", async () => {
    const first = Promise.withResolvers<void>();
    const running = shortage.during(() => first.promise);
    assert.equal(shortage.isBusy, false);
    shortage.recordKill();
    assert.equal(shortage.isBusy, true);
    nowMs = 120_000;
    assert.equal(shortage.isBusy, false);
    first.resolve();
    await running;
    shortage.recordKill();
    assert.equal(shortage.isBusy, false);
  });

  it("is not ended by an attempt that fails", async () => {
    shortage.recordKill();
    await assert.rejects(shortage.during(() => Promise.reject(new Error("killed"))));
    assert.equal(shortage.recordKill(), 240_000);
  });
});
