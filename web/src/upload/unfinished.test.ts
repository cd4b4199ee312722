import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isLike, parseUnfinished } from "./unfinished.ts";

describe("an unfinished upload", () => {
  it("is restored as it was stored", () => {
    assert.deepEqual(parseUnfinished(JSON.stringify(kept)), kept);
  });

  it("is null when the stored text is missing or invalid, or names another origin", () => {
    for (const text of [null, "", "7", "[]", JSON.stringify({ ...kept, url: "https://evil.example/1" })])
      assert.equal(parseUnfinished(text), null);
    fc.assert(fc.property(fc.json(), (text) => void parseUnfinished(text)));
  });

  it("matches only a file of the same name, size and modification time", () => {
    const same = { name: kept.name, size: kept.sizeBytes, lastModified: kept.modifiedMs };
    assert.equal(isLike(same, kept), true);
    for (const other of [{ name: "b.mp4" }, { size: 8 }, { lastModified: 1 }])
      assert.equal(isLike({ ...same, ...other }, kept), false);
  });
});

const kept = { name: "a.mp4", sizeBytes: 7, modifiedMs: 1_700_000_000_000, headHash: "ab", url: "/api/v1/tus/12" };
