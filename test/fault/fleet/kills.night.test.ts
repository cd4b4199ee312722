import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { killEach, ofNine } from "./fleet.ts";

const rounds = 3;

describe("nine processes, each of which is killed several times under load", () => {
  it("lose no acknowledged write, do nothing twice, and serve the other reads (R6, D1, D2, D3)", async () => {
    const { count, reads } = await killEach(ofNine, rounds);
    assert.equal(count, rounds * ofNine.length);
    assert.ok(reads.asked > 1_000, `${reads.asked} reads`);
    assert.ok(reads.failed <= reads.asked / 1_000, `${reads.failed} of ${reads.asked} reads failed`);
  });
});
