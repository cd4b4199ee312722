import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseUpload } from "./upload-memory.ts";

describe("a remembered upload", () => {
  it("is read with its tab, and only with one", () => {
    const stored = { key: "k", name: "a.mp4", sizeBytes: 7, modifiedMs: 1, status: "paused", draft: { title: "Sea" } };
    assert.equal(parseUpload(JSON.stringify({ ...stored, tab: "t" }))?.item.draft.title, "Sea");
    assert.equal(parseUpload(JSON.stringify(stored)), null);
  });

  it("is null for any text that is not one", () => {
    for (const text of [null, "", "{", "7", "[]"]) assert.equal(parseUpload(text), null);
    fc.assert(fc.property(fc.string(), (text) => void parseUpload(text)));
  });
});
