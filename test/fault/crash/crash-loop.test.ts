import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isNightly } from "#test/depth";
import { crashLoop, percentile } from "./crash-loop.ts";

/** Each manner of killing once; the nightly run has time for chance. */
const rounds = isNightly ? 20 : 2;
/** The promise is 3 s, and is measured where nothing else runs; only a repair that hangs takes so long. */
const readyMsMax = 60_000;

describe("F1: a server killed at random moments under mixed writes", () => {
  it("R1–R4: loses no acknowledged write, repeats none, leaves no process and is ready again within a minute", {
    timeout: 600_000,
  }, async (t) => {
    const seed = Number(process.env["KINORA_TEST_SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`KINORA_TEST_SEED=${seed}`);
    const { readyMs, acknowledged, recoveriesKilled } = await crashLoop(rounds, seed);
    t.diagnostic(`${acknowledged} writes acknowledged, ${recoveriesKilled} recoveries killed`);
    t.diagnostic(`ready: p50 ${percentile(readyMs, 0.5)} ms, p99 ${percentile(readyMs, 0.99)} ms`);
    assert.ok(acknowledged > rounds);
    assert.ok(recoveriesKilled >= 1);
    assert.ok(percentile(readyMs, 0.99) < readyMsMax, `ready after ${readyMs.join(", ")} ms`);
  });
});
