import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MemoryRow, RowKey } from "./memory-store.ts";
import { batchMax, rowsByKey } from "./row-batches.ts";

describe("rows that changed", () => {
  it("are read in batches, each once, and none where there are none", async () => {
    for (const count of [0, 1, batchMax, batchMax + 1, 3 * batchMax - 1]) {
      const keys = Array.from({ length: count }, (_, n) => ({ kind: 4, id: n + 1 }));
      const read: number[] = [];
      const batches = rowsByKey(keys, async (some: readonly RowKey[]) => {
        assert.ok(some.length > 0 && some.length <= batchMax);
        return some as readonly unknown[] as readonly MemoryRow[]; // Nothing else of them is read.
      });
      for await (const rows of batches) read.push(...rows.map(({ id }) => id));
      assert.deepEqual(
        read,
        keys.map(({ id }) => id),
      );
    }
  });
});
