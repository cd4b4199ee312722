import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mapConcurrently } from "./concurrency.ts";

describe("concurrent mapping", () => {
  it("yields results in order and never exceeds its concurrency limit", async () => {
    let now = 0;
    let most = 0;
    const work = async (item: number, index: number) => {
      assert.equal(item, index + 100);
      most = Math.max(most, ++now);
      for (let n = 0; n < item % 7; n++) await Promise.resolve();
      now -= 1;
      return item * 2;
    };
    const items = Array.from({ length: 50 }, (_, n) => n + 100);
    assert.deepEqual(
      await mapConcurrently(4, items, work),
      items.map((item) => item * 2),
    );
    assert.deepEqual([most, await mapConcurrently(4, [], work)], [4, []]);
  });

  it("starts nothing after a failure, and rejects when no work is running", async () => {
    let now = 0;
    let begun = 0;
    const work = async (item: number) => {
      begun += 1;
      now += 1;
      await Promise.resolve();
      now -= 1;
      if (item === 3) throw new Error("three");
    };
    await assert.rejects(mapConcurrently(2, [1, 2, 3, 4, 5, 6, 7, 8], work), /three/);
    assert.ok(now === 0 && begun <= 4, `${begun}`);
  });
});
