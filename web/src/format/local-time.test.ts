import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { localMs, localText, zoneName } from "./local-time.ts";

describe("a moment in a form", () => {
  it("comes back to the minute, where the clock is not turned back", () => {
    const minutes = fc.integer({ min: 28_000_000, max: 30_000_000 });
    fc.assert(
      fc.property(minutes, (minute) => {
        const text = localText(minute * 60_000);
        assert.match(text, /^20\d\d-\d\d-\d\dT\d\d:\d\d$/);
        assert.equal(localText(localMs(text) ?? 0), text);
      }),
    );
  });

  it("means nothing where it is half typed", () => {
    assert.deepEqual([localMs(""), localMs("2026-13-01T10:00"), localMs("2026-05-01")], [null, null, null]);
  });

  it("says its zone in words", () => assert.notEqual(zoneName("en", 0), ""));
});
