import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import type { Tally } from "./tally.ts";

it("counts tests, not their suites, and names what was skipped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kinora-tally-"));
  try {
    const file = join(folder, "some.test.mjs");
    await writeFile(file, text);
    const reporter = `--test-reporter=${join(import.meta.dirname, "tally.ts")}`;
    const { NODE_TEST_CONTEXT: _, ...env } = process.env; // With it, a run inside a run reports to the outer one.
    const { stdout, status } = spawnSync(process.execPath, ["--test", reporter, file], { encoding: "utf8", env });
    assert.equal(status, 1);
    const { failures, ...counted } = JSON.parse(stdout) as Tally;
    assert.deepEqual(counted, { passed: 3, failed: 3, skipped: ["later", "some day"] });
    assert.deepEqual(
      failures.map((failure) => failure.split(" ", 1)[0]),
      ["fails", "fails", "untidy"],
    );
    for (const failure of failures) assert.match(failure, /some\.test\.mjs\)\nError: no\n/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const text = `
import { after, describe, it } from "node:test";
const no = () => { throw new Error("no"); };
it("passes", () => {});
it("fails", no);
it("later", { skip: true }, no);
it("some day", { todo: true }, () => {});
describe("whole", () => { it("passes", () => {}); });
describe("broken", () => { it("fails", no); });
describe("untidy", () => { after(no); it("passes", () => {}); });
`;
