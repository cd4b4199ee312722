import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { circleIn, foldersBelow, importsBetween, partOf, type SourceFile } from "./import-graph.ts";

const aliases = new Map([["#kernel/", "src/kernel/"]]);
const file = (path: string, ...addresses: readonly string[]): SourceFile => ({
  path,
  text: addresses.map((address) => `import type { X } from "${address}";\n`).join(""),
});

describe("the graph of imports", () => {
  it("has relative imports, aliases, types and dynamic imports between its files", () => {
    const files = [
      file("src/a/one.ts", "../b/two.ts", "#kernel/call", "zod", "./missing.ts"),
      { path: "src/b/two.ts", text: 'const late = await import("../a/one.ts");' },
      file("src/kernel/call.ts"),
    ];
    assert.deepEqual(importsBetween(files, aliases), [
      { from: "src/a/one.ts", to: "src/b/two.ts" },
      { from: "src/a/one.ts", to: "src/kernel/call.ts" },
      { from: "src/b/two.ts", to: "src/a/one.ts" },
    ]);
  });

  it("finds the imports of a circle of folders, and none where there is none", () => {
    const files = [
      file("src/a/one.ts", "../b/two.ts"),
      file("src/b/two.ts", "../c/three.ts"),
      file("src/c/three.ts", "../b/other.ts"),
      file("src/b/other.ts"),
    ];
    const circle = (list: readonly SourceFile[]) =>
      circleIn(importsBetween(list, aliases), (path) => partOf("src", path));
    assert.deepEqual(circle(files), [
      { from: "src/b/two.ts", to: "src/c/three.ts" },
      { from: "src/c/three.ts", to: "src/b/other.ts" },
    ]);
    assert.equal(circle(files.slice(0, 2)), undefined);
    assert.equal(
      circleIn(importsBetween(files, aliases), (path) => path),
      undefined,
      "no circle of files",
    );
  });

  it("has folders down to a depth", () => {
    const files = [file("src/a/b/c/one.ts"), file("src/two.ts")];
    assert.deepEqual(foldersBelow(files, "src", 1), ["src"]);
    assert.deepEqual(foldersBelow(files, "src", 3).toSorted(), ["src", "src/a", "src/a/b"]);
  });
});
