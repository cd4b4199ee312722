import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { until } from "#test/until";
import { newCall, withinDeadline } from "./call.ts";
import { endsBy } from "./deadline.ts";

it("work that fails after its caller left causes no unhandled rejection", async () => {
  const work = Promise.reject(new Error("broken meanwhile"));
  const call = newCall({ signal: AbortSignal.abort(new Error("the client left")) });
  await assert.rejects(withinDeadline(call, work), { code: "kernel.deadline_exceeded" });
  // Node reports it once the turn is over; the test would fail by that.
  await setImmediate();
});

describe("a call that is made for another", () => {
  it("shares its signal, and has no later deadline", () => {
    const first = newCall({ waitMs: 5_000 });
    const second = newCall({ signal: first.signal });
    const third = newCall({ signal: second.signal, waitMs: 60_000 });
    for (const { signal, deadline = Infinity } of [second, third]) {
      assert.equal(signal, first.signal);
      assert.ok(deadline <= performance.now() + 5_100, "it ends later");
    }
  });

  it("has an earlier deadline where it may wait less", async () => {
    const { signal } = newCall({ waitMs: 60_000 });
    const short = newCall({ signal, waitMs: 50 });
    assert.ok((short.deadline ?? Infinity) <= performance.now() + 50);
    await until(() => short.signal.aborted);
    assert.equal(signal.aborted, false);
  });

  it("ends when its caller leaves, whether or not that has a known end", () => {
    for (const end of [undefined, performance.now() + 1_000]) {
      const controller = new AbortController();
      const { signal } = end === undefined ? controller : { signal: endsBy(controller.signal, end) };
      const call = newCall({ signal });
      controller.abort(new Error("the client left"));
      assert.equal(call.signal.aborted, true);
    }
  });
});
