import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isNightly } from "#test/depth";
import { killWorkers } from "./killed-workers.ts";
import { Random } from "../../random.ts";

const load = isNightly ? { jobs: 8, kills: 4 } : { jobs: 5, kills: 3 };

describe("a worker killed at random points", () => {
  it(`processes ${load.jobs} videos completely, and leaves no job, process or file behind (D4, D5)`, {
    timeout: 600_000,
  }, async (t) => {
    const seed = Number(process.env["KINORA_TEST_SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`KINORA_TEST_SEED=${seed}`);
    const { hits } = await killWorkers({
      ...load,
      random: new Random(seed),
      say: (line) => t.diagnostic(line),
    });
    assert.ok(hits > 0, "no kill hit a media process at work");
  });
});
