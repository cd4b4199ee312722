import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { newCall, withinDeadline } from "./call.ts";

it("work that fails for a caller who is gone is nobody's unheard failure, which would end the process", async () => {
  const work = Promise.reject(new Error("broken meanwhile"));
  const call = newCall({ signal: AbortSignal.abort(new Error("the client left")) });
  await assert.rejects(withinDeadline(call, work), { code: "kernel.deadline_exceeded" });
  // Node tells of it once the turn is over; the test would fail by that.
  await setImmediate();
});
