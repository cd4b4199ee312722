import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partOf } from "./range.ts";

describe("range handling", () => {
  const etag = '"e"';
  const cases: [string, Parameters<typeof partOf>[0], number, object][] = [
    ["no range with 200", {}, 10, { status: 200 }],
    ["a range in the middle with 206", { range: "bytes=2-5" }, 10, { status: 206, start: 2, end: 5 }],
    ["an open-ended range with 206", { range: "bytes=2-" }, 10, { status: 206, start: 2, end: 9 }],
    ["a suffix range with 206", { range: "bytes=-3" }, 10, { status: 206, start: 7, end: 9 }],
    [
      "a suffix longer than the object with 206 and all bytes",
      { range: "bytes=-30" },
      10,
      { status: 206, start: 0, end: 9 },
    ],
    ["a range beyond the end with 206 up to the end", { range: "bytes=8-99" }, 10, { status: 206, start: 8, end: 9 }],
    ["a range that starts at the end with 416", { range: "bytes=10-" }, 10, { status: 416 }],
    ["an empty suffix with 416", { range: "bytes=-0" }, 10, { status: 416 }],
    ["a backwards range with 200", { range: "bytes=5-2" }, 10, { status: 200 }],
    ["several ranges with 200", { range: "bytes=0-1,4-5" }, 10, { status: 200 }],
    ["an unknown unit with 200", { range: "lines=0-1" }, 10, { status: 200 }],
    ["a matching If-Range with 206", { range: "bytes=0-1", ifRange: '"e"' }, 10, { status: 206, start: 0, end: 1 }],
    ["If-Range of another version with 200", { range: "bytes=0-1", ifRange: '"f"' }, 10, { status: 200 }],
    ["a matching If-None-Match with 304", { ifNoneMatch: '"a", W/"e"' }, 10, { status: 304 }],
    ["If-None-Match of another version with 200", { ifNoneMatch: '"a"' }, 10, { status: 200 }],
  ];
  const then = "Fri, 20 Nov 2026 10:00:00 GMT";
  const before = "Fri, 20 Nov 2026 09:59:59 GMT";
  const changedAtMs = Date.parse(then) + 600;
  const timed: [string, Parameters<typeof partOf>[0], object][] = [
    ["If-Modified-Since at the last change with 304", { ifModifiedSince: then }, { status: 304 }],
    ["If-Modified-Since before the last change with 200", { ifModifiedSince: before }, { status: 200 }],
    [
      "If-None-Match in preference to If-Modified-Since",
      { ifModifiedSince: then, ifNoneMatch: '"f"' },
      { status: 200 },
    ],
    ["invalid dates with 200", { ifModifiedSince: "yesterday", ifUnmodifiedSince: "" }, { status: 200 }],
    ["If-Unmodified-Since at the last change with 200", { ifUnmodifiedSince: then }, { status: 200 }],
    ["If-Unmodified-Since before the last change with 412", { ifUnmodifiedSince: before }, { status: 412 }],
    [
      "a matching If-Match in preference to If-Unmodified-Since",
      { ifMatch: '"f", "e"', ifUnmodifiedSince: before },
      { status: 200 },
    ],
    ["If-Match with a star with 200", { ifMatch: "*" }, { status: 200 }],
    ["If-Match of another version with 412", { ifMatch: '"f"' }, { status: 412 }],
    ["a weak If-Match with 412", { ifMatch: 'W/"e"' }, { status: 412 }],
    [
      "a failed If-Match with 412 despite a matching If-None-Match",
      { ifMatch: '"f"', ifNoneMatch: '"e"' },
      { status: 412 },
    ],
    [
      "If-Range with the time of the last change with 206",
      { range: "bytes=0-1", ifRange: then },
      { status: 206, start: 0, end: 1 },
    ],
    ["If-Range with an earlier time with 200", { range: "bytes=0-1", ifRange: before }, { status: 200 }],
    ["a weak If-Range with 200", { range: "bytes=0-1", ifRange: 'W/"e"' }, { status: 200 }],
  ];
  for (const [name, asked, expected] of timed)
    it(`answers ${name}`, () => assert.deepEqual(partOf(asked, etag, 10, changedAtMs), expected));

  it("answers 416 for any range of an empty object", () => {
    assert.deepEqual(partOf({}, etag, 0), { status: 200 });
    for (const range of ["bytes=0-", "bytes=0-0", "bytes=-5", "bytes=7-9"])
      assert.deepEqual(partOf({ range }, etag, 0), { status: 416 }, range);
  });

  for (const [name, asked, size, expected] of cases)
    it(`answers ${name}`, () => assert.deepEqual(partOf(asked, etag, size), expected));

  it("never reaches beyond the object for any range", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.nat(2_000),
        fc.nat(2_000),
        (text, size, a, b) => {
          for (const range of [text, `bytes=${a}-${b}`, `bytes=${a}-`, `bytes=-${b}`]) {
            const part = partOf({ range }, etag, size);
            if (part.status === 206) assert.ok(0 <= part.start && part.start <= part.end && part.end < size, range);
          }
        },
      ),
    );
  });
});
