import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Clock, Pace } from "./pace.ts";
import { isSelected } from "./selection.ts";

describe("the pace of a transfer", () => {
  it("limits the bytes of any time span to its rate and the size of one read", async () => {
    const take = fc.record({
      sizeBytes: fc.integer({ min: 1, max: 5_000 }),
      pauseMs: fc.integer({ min: 0, max: 3_000 }),
    });
    const rate = fc.integer({ min: 1, max: 10_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(take, { minLength: 1, maxLength: 30 }), rate, async (all, bytesPerSecond) => {
        const clock = new ManualClock();
        const pace = new Pace(bytesPerSecond, clock);
        const passed: { atMs: number; sizeBytes: number }[] = [];
        for (const { sizeBytes, pauseMs } of all) {
          clock.nowMs += pauseMs;
          await pace.take(sizeBytes, new AbortController().signal);
          passed.push({ atMs: clock.nowMs, sizeBytes });
        }
        for (const [first, from] of passed.entries())
          for (const [last, to] of passed.entries()) {
            if (last < first) continue;
            const bytes = passed.slice(first, last).reduce((sum, one) => sum + one.sizeBytes, 0);
            assert.ok(bytes <= ((to.atMs - from.atMs) * bytesPerSecond) / 1_000 + 0.01);
          }
      }),
    );
  });

  it("is shared by concurrent takers", async () => {
    const clock = new ManualClock();
    const pace = new Pace(1_000, clock);
    await Promise.all(Array.from({ length: 5 }, () => pace.take(1_000, new AbortController().signal)));
    assert.deepEqual(clock.waits, [1_000, 2_000, 3_000, 4_000]);
  });

  it("is unlimited without a rate, and ends with its job", async () => {
    const clock = new ManualClock();
    await new Pace(undefined, clock).take(2 ** 40, new AbortController().signal);
    assert.deepEqual(clock.waits, []);
    await assert.rejects(new Pace(undefined, clock).take(1, AbortSignal.abort(new Error("over"))), /over/);
  });
});

describe("the objects of a transfer", () => {
  it("are selected by age and size", () => {
    const object = { sizeBytes: 10, changedAtMs: 1_000 };
    const any = { olderThanMs: null, largerThanBytes: null };
    assert.equal(isSelected(any, object, 1_000), true);
    assert.equal(isSelected({ ...any, olderThanMs: 500 }, object, 1_500), true);
    assert.equal(isSelected({ ...any, olderThanMs: 501 }, object, 1_500), false);
    assert.equal(isSelected({ ...any, largerThanBytes: 9 }, object, 1_000), true);
    assert.equal(isSelected({ ...any, largerThanBytes: 10 }, object, 1_000), false);
  });
});

/** Time passes by waiting, which is recorded; concurrent waits begin at the same time. */
class ManualClock implements Clock {
  nowMs = 0;
  readonly waits: number[] = [];

  elapsedMs(): number {
    return this.nowMs;
  }

  async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    await Promise.resolve();
    this.nowMs = Math.max(this.nowMs, this.nowMs + ms);
  }
}
