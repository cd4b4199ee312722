import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { needsOf } from "./needs.ts";

describe("the needs of a run", () => {
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "kinora-needs-"));
    for (const [file, text] of Object.entries(sources)) await writeFile(join(root, file), text);
  });
  after(() => rm(root, { recursive: true }));

  it("are none for files of functions, also where they import packages and types", async () => {
    assert.deepEqual(await needs("pure.test.ts"), { database: false, programs: false });
  });

  it("include a database where a helper reads the address of it", async () => {
    assert.deepEqual(await needs("pure.test.ts", "host.test.ts"), { database: true, programs: false });
  });

  it("include programs where an imported file starts processes, also through an alias", async () => {
    assert.deepEqual(await needs("process.test.ts"), { database: false, programs: true });
  });

  it("include programs for an item without test files", async () => {
    assert.deepEqual(await needs(), { database: false, programs: true });
  });
});

let root = "";
const needs = (...files: readonly string[]) => needsOf(root, [{ files }]);
const sources = {
  "package.json": JSON.stringify({ imports: { "#deep/*": "./*.ts" } }),
  "pure.test.ts":
    'import assert from "node:assert"; import { one } from "./one.ts"; import "./absent.ts";\nimport type { Host } from "./host.ts";',
  "one.ts": 'import { z } from "zod"; import "./pure.test.ts"; export const one = z;',
  "host.test.ts": 'const { host } = await import("./host.ts");',
  "host.ts": 'export const host = process.env["KINORA_TEST_POSTGRES"];',
  "process.test.ts": 'import "#deep/middle";',
  "middle.ts": 'export { spawn } from "./child.ts";',
  "child.ts": 'export { spawn } from "node:child_process";',
};
