import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { chapterAt, piecesOf } from "./chapters.ts";

describe("a playback position", () => {
  it("belongs to the chapter that started last", () => {
    const chapters = [0, 10, 20].map((start) => ({ start, title: `from ${start}` }));
    assert.deepEqual(
      [0, 9.9, 10, 1_000].map((timeS) => chapterAt(chapters, timeS)),
      [0, 0, 1, 2],
    );
    assert.equal(chapterAt([], 5), -1);
  });
});

describe("the times in a text", () => {
  const times = (text: string) =>
    piecesOf(text, 10_000).flatMap(({ text: piece, toS }) => (toS === null ? [] : [[piece, toS]]));

  it("are recognised anywhere in the text when they are well-formed and within the video's duration", () => {
    assert.deepEqual(times("0:00 a (1:05), 1:02:03。12:03"), [
      ["0:00", 0],
      ["1:05", 65],
      ["1:02:03", 3_723],
      ["12:03", 723],
    ]);
    for (const text of ["10:99", "1:75:00", "1:2", "12:345", "1:00:00:00", "9:00:00", "192.168.0.1:80", "3.1:20"])
      assert.deepEqual(times(text), [], text);
  });

  it("leave the text complete, and lie within the video's duration", () => {
    const piece = fc.constantFrom("0:00", "1:02:03", "12:3", ":", "9", " ", "a", "\n", ".");
    fc.assert(
      fc.property(fc.array(piece), (parts) => {
        const text = parts.join("");
        const pieces = piecesOf(text, 5_000);
        assert.equal(pieces.map((one) => one.text).join(""), text);
        for (const { toS } of pieces) assert.ok(toS === null || (toS >= 0 && toS < 5_000));
      }),
    );
    assert.equal(piecesOf("1:".repeat(100_000), 5_000).length, 1);
  });
});
