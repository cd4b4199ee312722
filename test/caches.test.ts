import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

describe("the caches", () => {
  it("are all declared: nothing but a declared cache looks up through the cache port", () => {
    const users = sources.filter(({ text }) => /\bcache\??\.getOrLoad\(/.test(text)).map(({ path }) => path);
    assert.deepEqual(users, ["src/kernel/cache/shared.ts"]);
  });

  it("are those of the table in docs/operate.md", () => {
    const declared = sources.flatMap(({ text }) =>
      Array.from(text.matchAll(/: CacheDeclaration = \{\s*name: "([^"]+)"/g), ([, name = ""]) => name),
    );
    assert.ok(declared.length > 12);
    const [, table = ""] = /\n\| cache \|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)/.exec(operate) ?? [];
    const listed = table
      .split("\n")
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
    assert.deepEqual(listed.toSorted(), declared.toSorted());
  });
});

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const operate = read("docs/operate.md");
const sources = globSync("src/**/*.ts", { cwd: root })
  .filter((path) => !/\.test\.ts$|\/testing\.ts$|\/conformance\.ts$/.test(path))
  .map((path) => ({ path, text: read(path) }));
