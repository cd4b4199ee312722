import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { localMs, localText, zoneName } from "./local-time.ts";

describe("a local time in a form", () => {
  it("is the same, to the minute, after conversion to milliseconds and back", () => {
    const minutes = fc.integer({ min: 28_000_000, max: 30_000_000 });
    fc.assert(
      fc.property(minutes, (minute) => {
        const text = localText(minute * 60_000);
        assert.match(text, /^20\d\d-\d\d-\d\dT\d\d:\d\d$/);
        assert.equal(localText(localMs(text) ?? 0), text);
      }),
    );
  });

  it("has no value when it is empty, invalid or incomplete", () => {
    assert.deepEqual([localMs(""), localMs("2026-13-01T10:00"), localMs("2026-05-01")], [null, null, null]);
  });

  it("has a non-empty zone name", () => assert.notEqual(zoneName("en", 0), ""));
});
