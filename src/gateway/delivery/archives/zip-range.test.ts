import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bytesOf, planOf } from "./zip.ts";
import { rangeOf } from "./zip-range.ts";

describe("a range of an archive", () => {
  it("has the bytes of the whole at these positions, whatever was read before", async () => {
    const files = fc.array(fc.option(fc.uint8Array({ maxLength: 60 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.nat(), fc.boolean(), async (contents, first, length, isWarm) => {
        const objects = new Map(contents.map((bytes, place) => [String(place), Buffer.from(bytes ?? [])]));
        const plan = planOf(
          contents.map((bytes, place) => ({
            path: `file ${place}`,
            key: bytes && String(place),
            sizeBytes: bytes?.length ?? 0,
            changedAtMs: 0,
          })),
        );
        let isOpen = 0;
        const open = async (key: string) => {
          isOpen += 1;
          const bytes = objects.get(key) ?? Buffer.alloc(0);
          return {
            sizeBytes: bytes.length,
            changedAtMs: 0,
            read: async (at: number, count: number) => bytes.subarray(at, at + Math.min(count, 7)),
            close: async () => void (isOpen -= 1),
          };
        };
        const whole = Buffer.concat(await Array.fromAsync(bytesOf(plan, open)));
        const sums = new Map<string, number>();
        const part = async (start: number, end: number) =>
          Buffer.concat(await Array.fromAsync(rangeOf(plan, { start, end }, open, sums)));
        if (isWarm) assert.deepEqual(await part(0, whole.length - 1), whole);
        const start = first % whole.length;
        // Ends in each part of the archive: headers, bytes, descriptors, the directory.
        for (let end = start; end < whole.length; end += 1 + (length % 23))
          assert.deepEqual(await part(start, end), whole.subarray(start, end + 1));
        assert.equal(isOpen, 0);
      }),
      { numRuns: 60 },
    );
  });

  it("reads no object before it once their checksums are known, and none behind it", async () => {
    const plan = planOf(["a", "b", "c"].map((key) => ({ path: key, key, sizeBytes: 1_000, changedAtMs: 0 })));
    const opened: string[] = [];
    const open = async (key: string) => {
      opened.push(key);
      return {
        sizeBytes: 1_000,
        changedAtMs: 0,
        read: async (_: number, count: number) => Buffer.alloc(count, key),
        close: async () => undefined,
      };
    };
    const sums = new Map<string, number>();
    const read = async (start: number, end: number) => {
      opened.length = 0;
      await Array.fromAsync(rangeOf(plan, { start, end }, open, sums));
      return opened.join("");
    };
    const inB = (plan.entries[1]?.offset ?? 0) + 500;
    assert.equal(await read(0, 10), "");
    assert.equal(await read(inB, inB + 10), "b");
    assert.equal(await read(0, plan.sizeBytes - 1), "abc");
    assert.equal(await read(inB, plan.sizeBytes - 1), "bc");
    assert.equal(await read(plan.directoryOffset, plan.sizeBytes - 1), "");
  });
});
