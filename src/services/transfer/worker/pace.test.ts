import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Clock, Pace } from "./pace.ts";
import { isSelected } from "./selection.ts";

describe("the pace of a transfer", () => {
  it("lets no more bytes pass in any stretch of time than its rate, and what was taken at once", async () => {
    const taken = fc.record({
      sizeBytes: fc.integer({ min: 1, max: 5_000 }),
      pauseMs: fc.integer({ min: 0, max: 3_000 }),
    });
    const rate = fc.integer({ min: 1, max: 10_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(taken, { minLength: 1, maxLength: 30 }), rate, async (all, bytesPerSecond) => {
        const clock = new HandClock();
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

  it("is shared by all who take from it at once", async () => {
    const clock = new HandClock();
    const pace = new Pace(1_000, clock);
    await Promise.all(Array.from({ length: 5 }, () => pace.take(1_000, new AbortController().signal)));
    assert.deepEqual(clock.waits, [1_000, 2_000, 3_000, 4_000]);
  });

  it("is none without a limit, and ends with its work", async () => {
    const clock = new HandClock();
    await new Pace(undefined, clock).take(2 ** 40, new AbortController().signal);
    assert.deepEqual(clock.waits, []);
    await assert.rejects(new Pace(undefined, clock).take(1, AbortSignal.abort(new Error("over"))), /over/);
  });
});

describe("the objects a transfer is meant for", () => {
  it("are those of the age and length that were asked for", () => {
    const object = { sizeBytes: 10, changedAtMs: 1_000 };
    const any = { olderThanMs: null, largerThanBytes: null };
    assert.equal(isSelected(any, object, 1_000), true);
    assert.equal(isSelected({ ...any, olderThanMs: 500 }, object, 1_500), true);
    assert.equal(isSelected({ ...any, olderThanMs: 501 }, object, 1_500), false);
    assert.equal(isSelected({ ...any, largerThanBytes: 9 }, object, 1_000), true);
    assert.equal(isSelected({ ...any, largerThanBytes: 10 }, object, 1_000), false);
  });
});

/** Goes on when somebody waits, and says by how much; of several who wait at once each is told the same beginning. */
class HandClock implements Clock {
  nowMs = 0;
  readonly waits: number[] = [];

  elapsed(): number {
    return this.nowMs;
  }

  async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    await Promise.resolve();
    this.nowMs = Math.max(this.nowMs, this.nowMs + ms);
  }
}
