import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClockSteps } from "./clock-steps.ts";

const hourMs = 3_600_000;

describe("D7: the present by which things expire", () => {
  it("is the wall clock without its steps forward, for as long as they count", () => {
    const { clock, steps } = start();
    clock.pass(60_000);
    assert.equal(steps.expiryNow(), clock.wall);
    clock.wall += hourMs;
    assert.equal(steps.expiryNow(), clock.wall - hourMs);
    clock.pass(hourMs - 1);
    assert.equal(steps.expiryNow(), clock.wall - hourMs);
    clock.pass(1);
    assert.equal(steps.expiryNow(), clock.wall);
  });

  it("follows a step back, and one that is taken back", () => {
    const { clock, steps } = start();
    clock.wall -= hourMs;
    assert.equal(steps.expiryNow(), clock.wall);
    clock.wall += hourMs;
    assert.equal(steps.expiryNow(), clock.wall);
  });

  it("follows the small corrections of a time server", () => {
    const { clock, steps } = start();
    for (let n = 0; n < 100; n += 1) {
      clock.pass(1_000);
      clock.wall += 500;
      assert.equal(steps.expiryNow(), clock.wall);
    }
  });
});

function start() {
  const clock = {
    wall: 1_700_000_000_000,
    monotonic: 5_000,
    pass(ms: number) {
      clock.wall += ms;
      clock.monotonic += ms;
    },
  };
  const steps = new ClockSteps(hourMs, { wall: () => clock.wall, monotonic: () => clock.monotonic });
  return { clock, steps };
}
