import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nextPath } from "./next-path.ts";

describe("the path after logging in", () => {
  it("is the one that was asked for when it is ours", () => {
    for (const path of ["/", "/upload", "/watch/123", "/@ada", "/upload?video=7"]) assert.equal(nextPath(path), path);
  });

  it("is the home page for anything that could lead elsewhere", () => {
    const hostile = [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "/\t/evil",
      "",
    ];
    for (const path of [...hostile, "/a//b", undefined, 7]) assert.equal(nextPath(path), "/");
  });

  it("never leaves this origin, whatever it is given", () => {
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
