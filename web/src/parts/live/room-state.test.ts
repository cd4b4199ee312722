import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bestOf, countdownOf, isWholeKey, pollAfterMs, runningS, stateOf } from "./room-state.ts";

describe("a live room", () => {
  const nowMs = Date.parse("2026-11-27T10:00:00.000Z");

  it("is scheduled until its time has come, and waits from then on", () => {
    const scheduled_at = "2026-11-27T10:00:01.000Z";
    assert.equal(stateOf({ status: "waiting", scheduled_at }, nowMs), "scheduled");
    assert.equal(stateOf({ status: "waiting", scheduled_at }, nowMs + 1_000), "waiting");
    assert.equal(stateOf({ status: "waiting", scheduled_at: null }, nowMs), "waiting");
  });

  it("is what its server states once it was live, whatever was planned", () => {
    for (const status of ["live", "paused", "ended"] as const)
      assert.equal(stateOf({ status, scheduled_at: "2026-12-01T10:00:00.000Z" }, nowMs), status);
  });

  it("is offered first where the viewer follows its host, then where most watch, never where it is paused or their own", () => {
    const room = (id: number, online_count: number, more: object = {}) => ({
      id,
      online_count,
      status: "live" as const,
      is_mine: false,
      owner: { is_followed: false },
      ...more,
    });
    const followed = room(1, 2, { owner: { is_followed: true } });
    const others = [room(2, 5), room(3, 900, { is_mine: true }), room(4, 90, { status: "paused" }), room(5, 7)];
    assert.equal(bestOf([...others, followed])?.id, 1);
    assert.equal(bestOf(others)?.id, 5);
    assert.equal(bestOf([]), undefined);
  });

  it("has been live for what its server stated and the time since then, whatever the device's clock", () => {
    assert.equal(runningS(60, nowMs, nowMs + 2_500), 62.5);
    assert.equal(runningS(60, nowMs, nowMs - 10_000), 60);
  });

  it("is asked for every five seconds, seldom from a hidden page, and never after its end", () => {
    assert.equal(pollAfterMs("waiting", false), 5_000);
    assert.equal(pollAfterMs("live", true), 30_000);
    assert.equal(pollAfterMs(undefined, false), 5_000);
    assert.equal(pollAfterMs("ended", false), false);
  });

  it("counts down in days, hours, minutes and seconds, to the next whole second", () => {
    assert.deepEqual(countdownOf(((26 * 60 + 3) * 60 + 4.2) * 1000), { days: 1, hours: 2, minutes: 3, seconds: 5 });
    assert.deepEqual(countdownOf(-5), { days: 0, hours: 0, minutes: 0, seconds: 0 });
  });

  it("has a key to copy only where that is whole", () => {
    assert.equal(isWholeKey("abcd"), true);
    assert.equal(isWholeKey("…abcd"), false);
    assert.equal(isWholeKey(undefined), false);
  });
});
