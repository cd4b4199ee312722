import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { it } from "node:test";
import { linesOf, tallyOf } from "./tally.ts";

it("counts tests but not suites, and names skipped tests", async () => {
  const { status, tally, unended } = await ran("some.test.mjs", text);
  assert.equal(status, 1);
  const { failures, ...counted } = tally;
  assert.deepEqual(counted, { passed: 3, failed: 3, skipped: ["later", "some day"] });
  assert.deepEqual(unended, []);
  assert.deepEqual(
    failures.map((failure) => failure.split(" ", 1)[0]),
    ["fails", "fails", "untidy"],
  );
  for (const failure of failures) assert.match(failure, /\/some\.test\.mjs\)\nError: no\n/);
});

it("reports the file that was run, even for tests that a helper declares", async () => {
  const { lines } = await ran("apart.test.mjs", apart);
  const files = lines.flatMap((line) => (line.kind === "passed" ? [basename(line.file)] : []));
  assert.deepEqual(files, ["apart.test.mjs", "apart.test.mjs"]);
});

it("reports the passed tests of a killed run and the test that was running", async () => {
  const isAtIt = (said: string) => said.includes("passed") && / hangs"/.test(said);
  const { tally, unended } = await ran("endless.test.mjs", endless, isAtIt);
  assert.deepEqual([tally.passed, tally.failed], [1, 0]);
  assert.match(unended.join("\n"), /endless\.test\.mjs:4 hangs/);
  assert.doesNotMatch(unended.join("\n"), /passes/);
});

/** The reporter's output for a file of tests; the run is killed once it has printed enough. */
async function ran(name: string, tests: string, isEnough: (said: string) => boolean = () => false) {
  const folder = await mkdtemp(join(tmpdir(), "kinora-tally-"));
  try {
    const file = join(folder, name);
    await writeFile(file, tests);
    await writeFile(join(folder, "helper.mjs"), helper);
    const reporter = `--test-reporter=${join(import.meta.dirname, "tally.ts")}`;
    const entry = join(import.meta.dirname, "entry.ts");
    const { NODE_TEST_CONTEXT: _, ...env } = process.env; // With it, a run inside a run reports to the outer one.
    const child = spawn(process.execPath, [reporter, entry, file], { env, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (isEnough(said)) child.kill("SIGKILL");
    });
    const [status] = (await once(child, "close")) as [number | null]; // The event carries the exit code first.
    return { status, lines: linesOf(said), ...tallyOf(linesOf(said)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const helper = `
import { it } from "node:test";
export const declare = () => it("elsewhere", () => {});
`;

const apart = `
import { it } from "node:test";
import { declare } from "./helper.mjs";
it("here", () => {});
declare();
`;

const endless = `
import { it } from "node:test";
it("passes", () => {});
it("hangs", () => new Promise((resolve) => setTimeout(resolve, 60_000)));
`;

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
