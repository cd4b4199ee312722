import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nextPath } from "./next-path.ts";

describe("the path after logging in", () => {
  it("is the requested path when it belongs to this site", () => {
    for (const path of ["/", "/upload", "/watch/123", "/@ada", "/upload?video=7"]) assert.equal(nextPath(path), path);
  });

  it("is the home page for foreign, malformed or missing values", () => {
    const hostile = [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "/\t/evil",
      "/a%2F%2fevil.example",
      "/a/%5Cevil.example",
      "/a%0d%0aset-cookie:x",
      "",
    ];
    for (const path of [...hostile, "/a//b", undefined, 7]) assert.equal(nextPath(path), "/");
  });

  it("stays on this origin for any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `/${text}`),
        ),
        (wanted) => {
          assert.equal(new URL(nextPath(wanted), "http://here.example").origin, "http://here.example");
        },
      ),
    );
  });
});
