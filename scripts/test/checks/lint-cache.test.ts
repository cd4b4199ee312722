import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, it } from "node:test";
import { LintCache } from "./lint-cache.ts";

const root = await mkdtemp(join(tmpdir(), "kinora-lint-"));
const write = (file: string, text: string) => writeFile(join(root, file), text);
const read = () => LintCache.read(root, ["src"]);
const affected = async () => (await read()).affected.toSorted();

after(() => rm(root, { recursive: true }));
beforeEach(async () => {
  await rm(join(root, ".kinora"), { recursive: true, force: true });
  await mkdir(join(root, "src/inner"), { recursive: true });
  await write("package.json", JSON.stringify({ imports: { "#inner/*": "./src/inner/*.ts" } }));
  await write("src/inner/base.ts", "export const base = 1;");
  await write("src/middle.ts", 'export { base } from "#inner/base";');
  await write("src/top.ts", 'const { base } = await import("./middle.ts");');
  await write("src/other.ts", "export const other = 1;");
  await write("tsconfig.json", "{}");
});

const all = ["src/inner/base.ts", "src/middle.ts", "src/other.ts", "src/top.ts"];

it("the lint cache selects all files the first time and none when nothing changed", async () => {
  assert.deepEqual(await affected(), all);
  await (await read()).pass();
  assert.deepEqual(await affected(), []);
});

it("the lint cache selects changed files and their importers, by path or alias", async () => {
  await (await read()).pass();
  await write("src/inner/base.ts", "export const base = 2;");
  assert.deepEqual(await affected(), ["src/inner/base.ts", "src/middle.ts", "src/top.ts"]);
});

it("the lint cache selects the importers of a deleted file", async () => {
  await (await read()).pass();
  await rm(join(root, "src/middle.ts"));
  assert.deepEqual(await affected(), ["src/top.ts"]);
});

it("the lint cache selects files that failed before", async () => {
  await (await read()).pass(["src/other.ts"]);
  assert.deepEqual(await affected(), ["src/other.ts"]);
});

it("the lint cache selects all files when settings or global types change", async () => {
  await (await read()).pass();
  await write("tsconfig.json", '{ "compilerOptions": {} }');
  assert.deepEqual(await affected(), all);
  await (await read()).pass();
  await write("src/global.d.ts", "declare const x: number;");
  assert.equal((await affected()).length, all.length + 1);
  await rm(join(root, "src/global.d.ts"));
});
