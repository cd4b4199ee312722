import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partOf } from "./range.ts";

describe("a part of an object", () => {
  const etag = '"e"';
  const cases: [string, Parameters<typeof partOf>[0], number, object][] = [
    ["nothing asked", {}, 10, { status: 200 }],
    ["a middle", { range: "bytes=2-5" }, 10, { status: 206, start: 2, end: 5 }],
    ["an open end", { range: "bytes=2-" }, 10, { status: 206, start: 2, end: 9 }],
    ["a suffix", { range: "bytes=-3" }, 10, { status: 206, start: 7, end: 9 }],
    ["a suffix longer than the object", { range: "bytes=-30" }, 10, { status: 206, start: 0, end: 9 }],
    ["an end beyond the object", { range: "bytes=8-99" }, 10, { status: 206, start: 8, end: 9 }],
    ["a start at the end", { range: "bytes=10-" }, 10, { status: 416 }],
    ["an empty suffix", { range: "bytes=-0" }, 10, { status: 416 }],
    ["a backwards range", { range: "bytes=5-2" }, 10, { status: 200 }],
    ["several ranges", { range: "bytes=0-1,4-5" }, 10, { status: 200 }],
    ["another unit", { range: "lines=0-1" }, 10, { status: 200 }],
    ["a validator that still holds", { range: "bytes=0-1", ifRange: '"e"' }, 10, { status: 206, start: 0, end: 1 }],
    ["a validator of another version", { range: "bytes=0-1", ifRange: '"f"' }, 10, { status: 200 }],
    ["a copy that is current", { ifNoneMatch: '"a", W/"e"' }, 10, { status: 304 }],
    ["a copy that is not", { ifNoneMatch: '"a"' }, 10, { status: 200 }],
  ];
  const then = "Fri, 20 Nov 2026 10:00:00 GMT";
  const before = "Fri, 20 Nov 2026 09:59:59 GMT";
  const changedAtMs = Date.parse(then) + 600;
  const timed: [string, Parameters<typeof partOf>[0], object][] = [
    ["a copy as new as it", { ifModifiedSince: then }, { status: 304 }],
    ["a copy from before", { ifModifiedSince: before }, { status: 200 }],
    ["a copy by its validator first", { ifModifiedSince: then, ifNoneMatch: '"f"' }, { status: 200 }],
    ["no date", { ifModifiedSince: "yesterday", ifUnmodifiedSince: "" }, { status: 200 }],
    ["one that must not have changed", { ifUnmodifiedSince: then }, { status: 200 }],
    ["one that has", { ifUnmodifiedSince: before }, { status: 412 }],
    ["the one that is meant", { ifMatch: '"f", "e"', ifUnmodifiedSince: before }, { status: 200 }],
    ["any there is", { ifMatch: "*" }, { status: 200 }],
    ["another than the one that is meant", { ifMatch: '"f"' }, { status: 412 }],
    ["one that is as good as the one that is meant", { ifMatch: 'W/"e"' }, { status: 412 }],
    ["a refusal before a copy", { ifMatch: '"f"', ifNoneMatch: '"e"' }, { status: 412 }],
    ["a part by its time", { range: "bytes=0-1", ifRange: then }, { status: 206, start: 0, end: 1 }],
    ["a part of another time", { range: "bytes=0-1", ifRange: before }, { status: 200 }],
    ["a part by a weak validator", { range: "bytes=0-1", ifRange: 'W/"e"' }, { status: 200 }],
  ];
  for (const [name, asked, expected] of timed)
    it(`answers ${name}`, () => assert.deepEqual(partOf(asked, etag, 10, changedAtMs), expected));

  it("answers nothing of an empty object but the whole", () => {
    assert.deepEqual(partOf({}, etag, 0), { status: 200 });
    for (const range of ["bytes=0-", "bytes=0-0", "bytes=-5", "bytes=7-9"])
      assert.deepEqual(partOf({ range }, etag, 0), { status: 416 }, range);
  });

  for (const [name, asked, size, expected] of cases)
    it(`answers ${name}`, () => assert.deepEqual(partOf(asked, etag, size), expected));

  it("never reaches beyond the object, whatever is asked", () => {
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
