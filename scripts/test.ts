import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { provideFfmpeg } from "./bootstrap/ffmpeg.mjs";
import { provideWeb } from "./bootstrap/web.mjs";
import { runChecks } from "./test/checks.ts";
import { run } from "./test/child.ts";
import { runFiles } from "./test/files.ts";
import { pace } from "./test/pace.ts";
import { Scratch } from "./test/scratch.ts";
import { type Suite, suites } from "./test/suites.ts";
import { failing, type Tally } from "./test/tally.ts";
import { missing, provideTools } from "./test/tools.ts";

/*
 * Runs the suites of one command and ends with the line `N passed, N failed`.
 *
 *   npm test                     every suite of `test`
 *   npm test -- unit             one suite, of either command
 *   npm test -- src/kernel/id    test files whose path begins so
 */
const root = join(import.meta.dirname, "..");
const isCi = process.env["CI"] === "true";
/** Ends a test that hangs; how long one may take, the budget of its suite says. */
const testMsMax = 300_000;
/** A suite over its budget says so; one that is so many times over it hangs, and is ended. */
const patience = 2;

const [command = "test", ...words] = process.argv.slice(2);
const names = words.filter((word) => !word.includes("/"));
const paths = words.filter((word) => word.includes("/"));
const nothing: Tally = { passed: 0, failed: 0, skipped: [], failures: [], flaky: [] };
let slowness = await pace();
const budgets = await readBudgets();
const chosen = choose();
const sum: Tally = { ...nothing, skipped: [], failures: [], flaky: [] };

process.chdir(root);
provideTools([...new Set(chosen.flatMap((suite) => suite.tools))], (line) => console.log(line));
await provideFfmpeg();
if (slowness > 1) console.log(`this machine takes ${slowness.toFixed(1)} times as long as the budgets are for`);
for (const suite of chosen) add(suite, await runSuite(suite));

// Once more at the end, where a log of hours is read first; .ci/run gathers these of both commands.
if (sum.failures.length > 0) console.log(`\n# what failed\n${sum.failures.join("\n")}\n# end of what failed`);
if (sum.flaky.length > 0)
  console.log(`\n# what failed at first\n${sum.flaky.join("\n")}\n# end of what failed at first`);
if (sum.skipped.length > 0) console.log(`\n${sum.skipped.length} skipped: ${sum.skipped.join("; ")}`);
const failed = sum.failed + (isCi ? sum.skipped.length : 0);
if (isCi && sum.skipped.length > 0) console.log("a skip is a failure here, because CI=true");
console.log(`${sum.passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || sum.passed === 0 ? 1 : 0;

function choose(): Suite[] {
  const wanted = command === "check" ? ["check"] : names;
  const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Error(`no such suite: ${unknown.join(", ")}`);
  if (wanted.length > 0) return suites.filter((suite) => wanted.includes(suite.name));
  return suites.filter((suite) => suite.command === command && (paths.length === 0 || suite.runs.kind === "files"));
}

function add(suite: Suite, tally: Tally): void {
  sum.passed += tally.passed;
  sum.failed += tally.failed;
  sum.skipped.push(...tally.skipped);
  sum.failures.push(...tally.failures.map((failure) => `✖ ${suite.name}: ${failure}`));
  sum.flaky.push(...tally.flaky.map((failure) => `${suite.name}: ${failure}`));
}

async function runSuite(suite: Suite): Promise<Tally> {
  const usual = budgets[suite.name];
  if (usual === undefined) throw new Error(`test/budget.json has no line for ${suite.name}`);
  const files = await filesOf(suite);
  const isEmpty = suite.runs.kind === "files" && files.length === 0;
  if (isEmpty && (paths.length > 0 || !suite.runs.isRequired)) return nothing;
  console.log(`\n# ${suite.name}`);
  if (isEmpty) return failing(nothing, "it has no test files");
  const absent = missing(suite.tools);
  if (absent.length > 0) return { ...nothing, skipped: [`${suite.name} (needs ${absent.join(", ")})`] };
  if (suite.opensPages) await provideWeb(process.execPath);
  const began = performance.now();
  const tally = await resultsOf(suite, files, Math.round(usual * slowness * patience));
  const seconds = (performance.now() - began) / 1_000;
  // A machine that others use may have become slower, or as fast as it was, since the suite began.
  const before = slowness;
  slowness = await pace();
  const budget = Math.round(usual * Math.max(before, slowness));
  console.log(`# ${suite.name}: ${tally.passed} passed, ${tally.failed} failed, ${seconds.toFixed(1)} of ${budget} s`);
  if (seconds > budget) console.log(`# ${suite.name} took longer than it may: make it quicker`);
  return tally;
}

async function filesOf({ runs }: Suite): Promise<string[]> {
  if (runs.kind !== "files") return [];
  const all = await Array.fromAsync(glob([...runs.globs], { cwd: root }));
  return all.filter((file) => paths.length === 0 || paths.some((path) => file.startsWith(path))).toSorted();
}

async function resultsOf({ runs, inMemory }: Suite, files: readonly string[], seconds: number): Promise<Tally> {
  if (runs.kind === "checks") return runChecks(root, seconds);
  using scratch = await Scratch.make({ inMemory });
  if (runs.kind === "files")
    return await runFiles(files, {
      root,
      scratch: scratch.folder,
      seconds,
      testMs: Math.round(testMsMax * slowness),
      hasSecondTry: isCi,
    });
  const program = runs.file.endsWith(".ts") ? process.execPath : "bash";
  const { output } = await run(program, [runs.file, ...runs.args], {
    seconds,
    cwd: root,
    env: { TMPDIR: scratch.folder },
  });
  const beginning = (word: string): string[] => output.split("\n").filter((line) => line.startsWith(word));
  const failures = beginning("not ok - ");
  const tally = { ...nothing, passed: beginning("ok - ").length, failed: failures.length, failures };
  return beginning("end of ").length > 0 ? tally : failing(tally, "it did not come to its end");
}

async function readBudgets(): Promise<Readonly<Record<string, number>>> {
  return JSON.parse(await readFile(join(root, "test/budget.json"), "utf8")) as Record<string, number>; // Checked in.
}
