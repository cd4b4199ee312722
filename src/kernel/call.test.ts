import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { newCall, withinDeadline } from "./call.ts";

it("work that fails after its caller left causes no unhandled rejection", async () => {
  const work = Promise.reject(new Error("broken meanwhile"));
  const call = newCall({ signal: AbortSignal.abort(new Error("the client left")) });
  await assert.rejects(withinDeadline(call, work), { code: "kernel.deadline_exceeded" });
  // Node reports it once the turn is over; the test would fail by that.
  await setImmediate();
});
