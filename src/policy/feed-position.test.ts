import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cursorLengthMax } from "#kernel/cursor";
import { feedStart, wasServed, readPosition, servedMax, addServed, writePosition } from "./feed-position.ts";

describe("the position of a feed", () => {
  it("remembers every video that was taken, in a cursor that is short enough", () => {
    // 37 bits of time, of the node and of the sequence: ids of this century.
    const id = fc.integer({ min: 1, max: 2 ** 52 });
    const all = fc.uniqueArray(id, { maxLength: servedMax, size: "max" });
    fc.assert(
      fc.property(all, fc.integer({ min: 1, max: 50 }), fc.option(id), (ids, size, lastId) => {
        const taken = Array.from({ length: Math.ceil(ids.length / size) }, (_, n) =>
          ids.slice(n * size, n * size + size),
        );
        let position = { ...feedStart, after: lastId === null ? undefined : { publishedAtMs: 7, videoId: lastId } };
        for (const page of taken) {
          const cursor = writePosition(addServed(position, page));
          assert.ok(cursor.length <= cursorLengthMax, `${cursor.length}`);
          const after = position.after;
          position = { ...readPosition(cursor), after };
          assert.deepEqual(readPosition(cursor).after, after);
        }
        assert.equal(position.servedCount, taken.flat().length);
        for (const videoId of taken.flat()) assert.ok(wasServed(position, videoId));
      }),
      { numRuns: 30 },
    );
  });

  it("takes few other videos for taken after a long feed, and none after a short one", () => {
    const ids = Array.from({ length: servedMax }, (_, n) => 5_000_000_000_000 + n * 7_919);
    const othersTaken = (count: number) => {
      const position = addServed(feedStart, ids.slice(0, count));
      return Array.from({ length: 10_000 }, (_, n) => 6_000_000_000_000 + n * 104_729).filter((id) =>
        wasServed(position, id),
      ).length;
    };
    assert.equal(othersTaken(60), 0);
    assert.ok(othersTaken(servedMax) < 200, `${othersTaken(servedMax)} of 10,000`);
  });

  it("refuses a cursor that it did not write", () => {
    const good = writePosition(addServed({ ...feedStart, after: { publishedAtMs: 5, videoId: 9 } }, [3, 2]));
    assert.deepEqual(readPosition(good).servedIds, [3, 2]);
    const wrong = [
      "",
      "x",
      "bm8",
      `${good}AA`,
      good.slice(0, -2),
      "_____________w",
      Buffer.alloc(700).toString("base64url"),
    ];
    for (const cursor of wrong) assert.throws(() => readPosition(cursor), { code: "kernel.bad_cursor" }, cursor);
  });
});
