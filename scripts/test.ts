import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { provideFfmpeg } from "./bootstrap/ffmpeg.mjs";
import { provideWeb } from "./bootstrap/web.mjs";
import { help, parse, type Request, RequestError } from "./test/plan/arguments.ts";
import { runChecks } from "./test/checks/checks.ts";
import { interrupted } from "./test/child.ts";
import { startDatabase } from "./test/database.ts";
import { Durations } from "./test/durations.ts";
import { type Result, runFiles, settleRerun } from "./test/item.ts";
import { type Needs, needsOf } from "./test/plan/needs.ts";
import { pace } from "./test/pace.ts";
import { type Item, plan } from "./test/plan/plan.ts";
import { runScript } from "./test/program.ts";
import { budgetLine, costTable, describeItem } from "./test/report.ts";
import { schedule } from "./test/schedule.ts";
import { Scratch } from "./test/scratch.ts";
import { Sum } from "./test/sum.ts";
import { missing, provideTools } from "./test/tools.ts";

/*
 * Runs suites side by side, a process for each item of work, and ends with the line `N passed, N failed`. `--help` says
 * what it can be asked for.
 */
const root = join(import.meta.dirname, "..");
const isCi = process.env["CI"] === "true";
/** Ends a test that hangs. */
const testMsMax = 300_000;
/** A run that takes this many times its budget hangs, and is ended. */
const patience = 3;
const patienceAtNight = 12;
/**
 * At most this many files of walks through pages may fail beside others and pass alone: in CI they run again at the
 * end.
 */
const triedAgainMax = 4;
/** More at once than this would need more connections than the database of the run has. */
const lanesMax = 8;
const [command = "test", ...words] = process.argv.slice(2);
process.chdir(root);
if (words.includes("--help")) console.log(help);
else
  try {
    const request = parse(command, words);
    process.exitCode = await run(request, await plan(root, request));
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    console.error(`kinora: ${error.message}`);
    process.exitCode = 2;
  }

/** Runs all items; the exit code. */
async function run(request: Request, all: readonly Item[]): Promise<number> {
  const began = performance.now();
  const sum = new Sum();
  if (request.seed !== undefined) console.log(`seed ${request.seed}`);
  const needs = await needsOf(root, all);
  const items = needs.programs ? await provide(all, sum) : all;
  // Functions alone end long before any time limit, on every machine.
  const slowness = needs.programs || needs.database ? await pace() : 1;
  const budget = await readBudget();
  // Tests wait for much of their time, for a browser, a clock or a disk: twice the lanes keep the processors busy.
  const lanes = Math.min(lanesMax, availableParallelism() * 2);
  // Two lanes at work for three times the budget: more of them change nothing about the longest item.
  const secondsMax = ((budget * (request.isNightly ? patienceAtNight : patience)) / 2) * slowness;
  const isLate = AbortSignal.timeout(Math.round(secondsMax * 1_000));
  const signal = AbortSignal.any([interrupted, isLate]);
  const durations = new Durations(root);
  const waiting = await work({ items, needs, lanes, signal, slowness, sum, request, durations });
  if (isLate.aborted) sum.fail(`the run was ended after ${Math.round(secondsMax)} s`);
  if (interrupted.aborted) sum.fail("the run was interrupted");
  if (waiting.length > 0) sum.fail(`${waiting.length} files or groups had no turn`);
  if (request.grep === undefined) durations.write();

  console.log(`\n${costTable(sum.costs)}`);
  const seconds = (performance.now() - began) / 1_000;
  if (request.isPart || request.isNightly)
    console.log(`${Math.round(sum.cpuSeconds)} CPU seconds, ${Math.round(seconds)} s`);
  else console.log(budgetLine(sum.cpuSeconds, budget * slowness, seconds));
  return sum.conclude({ isCi, grep: request.grep, say: (line) => console.log(line) });
}

/** Provides the tools of these items and the web app; the items for which all are there. */
async function provide(all: readonly Item[], sum: Sum): Promise<Item[]> {
  const suites = new Set(all.map(({ suite }) => suite));
  const tools = new Set([...suites].flatMap((suite) => suite.tools));
  provideTools([...tools], (line) => console.log(line));
  await provideFfmpeg();
  for (const { name, tools: needed } of suites)
    if (missing(needed).length > 0) sum.skip(`${name} (needs ${missing(needed).join(", ")})`);
  const items = all.filter(({ suite }) => missing(suite.tools).length === 0);
  if (items.some(({ suite }) => suite.opensPages)) await provideWeb(process.execPath);
  return items;
}

interface Work {
  readonly items: readonly Item[];
  readonly needs: Needs;
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly slowness: number;
  readonly sum: Sum;
  readonly request: Request;
  readonly durations: Durations;
}

/** Does the work. @returns the work that remains where the run was ended */
async function work({ items, needs, lanes, signal, slowness, sum, request, durations }: Work): Promise<Item[]> {
  using memory = await Scratch.make({ inMemory: true });
  using disk = await Scratch.make({});
  await using postgres = needs.database ? await startDatabase(join(memory.folder, "all")) : undefined;
  const env = {
    KINORA_TEST_RUN: memory.folder,
    ...(postgres && { KINORA_TEST_POSTGRES: postgres.socket }),
    ...(request.isNightly && { KINORA_TEST_DEPTH: "nightly" }),
    ...(request.seed !== undefined && { KINORA_TEST_SEED: String(request.seed) }),
  };
  let number = 0;
  const result = async (item: Item): Promise<Result> => {
    const scratch = join((item.suite.inMemory ? memory : disk).folder, String(++number));
    const { kind } = item.suite.runs;
    if (kind === "files")
      return await runFiles(item.files, {
        root,
        scratch,
        env,
        testMs: Math.round(testMsMax * slowness),
        grep: request.grep,
        signal,
      });
    if (kind !== "checks") return await runScript(item, { root, scratch, env, signal });
    const startedMs = performance.now();
    const checked = await runChecks(root, (testMsMax * slowness) / 1_000);
    return { ...checked, seconds: (performance.now() - startedMs) / 1_000, files: [], output: "" };
  };
  const failed: { item: Item; first: Result }[] = [];
  const report = (item: Item, outcome: Result) => {
    sum.add(item, outcome);
    console.log(describeItem(item, outcome));
  };
  const seconds = (item: Item) => durations.of(item.name) ?? item.suite.usualSeconds * Math.max(1, item.files.length);
  const waiting = await schedule(
    items,
    lanes,
    seconds,
    async (item) => {
      const outcome = await result(item);
      if (!signal.aborted) durations.set(item.name, outcome.seconds);
      if (isCi && item.suite.isOfPages && outcome.tally.failed > 0) failed.push({ item, first: outcome });
      else report(item, outcome);
    },
    signal,
  );
  // More than these are no chance.
  const isTriedAgain = failed.length <= triedAgainMax && !signal.aborted;
  for (const { item, first } of failed) report(item, isTriedAgain ? settleRerun(first, await result(item)) : first);
  return waiting;
}

async function readBudget(): Promise<number> {
  return (JSON.parse(await readFile(join(root, "test/budget.json"), "utf8")) as { cpuSeconds: number }).cpuSeconds; // Checked in.
}
