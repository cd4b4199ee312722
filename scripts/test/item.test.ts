import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type ItemSettings, runFiles, settleRerun } from "./item.ts";

const folder = await mkdtemp(join(tmpdir(), "kinora-item-"));
after(() => rm(folder, { recursive: true }));

describe("a work item", () => {
  it("runs hooks only for their own file, and counts tests and CPU time per file", async () => {
    const { tally, files, cpuSeconds, output } = await run({ "one.mjs": hooks("one"), "two.mjs": hooks("two") });
    assert.deepEqual([tally.passed, tally.failed], [4, 0]);
    assert.deepEqual(
      files.map(({ file, tests }) => [file.split("/").at(-1), tests]),
      [
        ["one.mjs", 2],
        ["two.mjs", 2],
      ],
    );
    assert.deepEqual(
      output.split("\n").filter((line) => line.startsWith("hook")),
      [
        "hook before one",
        "hook each one",
        "hook each one",
        "hook after one",
        "hook before two",
        "hook each two",
        "hook each two",
        "hook after two",
      ],
    );
    assert.ok(cpuSeconds > files.reduce((sum, file) => sum + file.cpuSeconds, 0) * 0.5, String(cpuSeconds));
  });

  it("counts the CPU time of child processes", async () => {
    const busy = `while (process.cpuUsage().user < 700_000);`;
    const { files } = await run({
      "child.mjs": `import { it } from "node:test"; import { execFileSync } from "node:child_process";
        it("works", () => execFileSync(process.execPath, ["--eval", ${JSON.stringify(busy)}]));`,
    });
    assert.ok((files[0]?.cpuSeconds ?? 0) >= 0.7, JSON.stringify(files));
  });

  it("passes as unsteady where it passes alone, with what failed before, and fails where it fails again", async () => {
    const once = `${imports} import { existsSync, writeFileSync } from "node:fs";
      it("fails once", () => { if (!existsSync("MARK")) { writeFileSync("MARK", ""); throw new Error("too early"); } });`;
    const unsteady = { "once.mjs": once.replaceAll("MARK", join(folder, "mark")) };
    const [first, second] = [await run(unsteady), await run(unsteady)];
    assert.deepEqual([first.tally.failed, second.tally.failed], [1, 0]);
    const result = settleRerun(first, second);
    assert.deepEqual([result.tally.passed, result.tally.failed], [1, 0]);
    assert.match(result.note ?? "", /unsteady[^]*too early/);
    assert.equal(settleRerun(first, first).tally.failed, 1);
  });

  it("names a failing test's file and keeps its output", async () => {
    const { tally, output } = await run({
      "fails.mjs": `${imports} console.log("said before"); it("fails", () => { throw new Error("broken"); });`,
    });
    assert.deepEqual([tally.passed, tally.failed], [0, 1]);
    assert.match(tally.failures[0] ?? "", /^fails \(.*fails\.mjs\)\nError: broken/);
    assert.match(output, /said before/);
  });

  it("fails a file that declares no test, that cannot be loaded, or that ends its process", async () => {
    const failures = async (text: string) => (await run({ "odd.mjs": text })).tally.failures.join();
    assert.match(await failures(""), /odd\.mjs: it declares no test/);
    assert.match(await failures(`import { nothing } from "node:fs";`), /odd\.mjs\n[^]*nothing/);
    assert.match(
      await failures(`${imports} it("ends it", () => process.exit(0));`),
      /odd\.mjs: its process ended with 0/,
    );
    assert.match(
      await failures(
        `${imports} it("passes", () => {}); process.on("exit", () => { process.exitCode = 3; process.reallyExit(3); });`,
      ),
      /odd\.mjs: its process ended with 3/,
    );
  });

  it("runs only tests whose titles contain the words; the file's path does not match", async () => {
    const text = `${imports} it("a private VIDEO (1)", () => {}); it("another", () => { throw new Error("no"); });`;
    const result = await run({ "private.mjs": text }, { grep: "private video (" });
    assert.deepEqual([result.tally.passed, result.tally.failed], [1, 0]);
    assert.deepEqual((await run({ "kinora.test.ts": text }, { grep: "kinora" })).tally.passed, 0);
  });

  it("fails a file whose process does not exit after its tests, and ends the process", async () => {
    const text = `${imports} it("passes", () => {}); setTimeout(() => { for (;;); }, 500);`;
    const { tally, seconds } = await run({ "hung.mjs": text }, { endMsMax: 1_000 });
    assert.deepEqual([tally.passed, tally.failed], [1, 1]);
    assert.match(tally.failures[0] ?? "", /hung\.mjs: its tests were done 1 s ago and its process did not end/);
    assert.ok(seconds < 60, String(seconds));
  });

  it("fails a file whose test never leaves the processor, and ends the process", async () => {
    const text = `${imports} it("passes", () => {}); it("turns", () => { for (;;); });`;
    const { tally } = await run({ "turns.mjs": text }, { testMs: 500, silenceMs: 1_500 });
    assert.equal(tally.failed, 1);
    assert.match(tally.failures[0] ?? "", /turns\.mjs: no test came to its end for 2 s/);
  });

  it("does not fail a process that waits for its own threads after its tests, but reports it", async () => {
    const text = `${imports} it("passes", () => {});
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 500);`;
    const { tally, note } = await run({ "waits.mjs": text }, { endMsMax: 1_000 });
    assert.deepEqual([tally.passed, tally.failed], [1, 0]);
    assert.match(note ?? "", /54918/);
  });

  it("fails a file that leaves a handle open, and names the handle", async () => {
    const text = `${imports} import { createServer } from "node:net"; it("passes", () => {}); createServer().listen(0, "127.0.0.1");`;
    const { tally, output } = await run({ "open.mjs": text }, { endMsMax: 60_000 });
    assert.match(tally.failures[0] ?? "", /open\.mjs: its process ended with 70/);
    assert.match(output, /TCPServerWrap still open/);
  });

  it("fails when the run is aborted, and names the test that was running", async () => {
    const text = `${imports} it("passes", () => {}); it("goes on", () => new Promise(() => setInterval(() => {}, 1_000)));`;
    const { tally } = await run({ "long.mjs": text }, { signal: AbortSignal.timeout(8_000) });
    assert.deepEqual([tally.passed, tally.failed], [1, 1]);
    assert.match(tally.failures[0] ?? "", /ended with the run, in .*goes on/);
  });
});

const imports = `import { it } from "node:test";`;
const hooks = (name: string) => `
  import { after, before, beforeEach, it } from "node:test";
  before(() => console.log("hook before ${name}"));
  beforeEach(() => console.log("hook each ${name}"));
  after(() => console.log("hook after ${name}"));
  it("first", () => {});
  it("second", () => {});`;

let number = 0;
async function run(texts: Readonly<Record<string, string>>, settings: Partial<ItemSettings> = {}) {
  const files = Object.keys(texts).map((name) => join(folder, name));
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  return await runFiles(files, {
    root: process.cwd(),
    scratch: join(folder, String(++number)),
    // With it, a run inside a run reports to the outer one.
    env: { NODE_TEST_CONTEXT: "" },
    testMs: 30_000,
    signal: new AbortController().signal,
    ...settings,
  });
}
