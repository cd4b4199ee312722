import { availableParallelism } from "node:os";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Area, areas, filesOf, sourcesOf } from "./mutation/areas.ts";
import { type Coverage, coverageIn, isCovered } from "./mutation/coverage.ts";
import { type Mutant, mutantsOf } from "./mutation/mutants.ts";
import { interrupted } from "./test/child.ts";
import { startDatabase } from "./test/database.ts";
import { runFiles } from "./test/item.ts";
import { Scratch } from "./test/scratch.ts";

/*
 * Changes one condition, operator or statement after the other, and runs the tests that execute it: a mutant that no
 * test notices shows what is not proven. Prints the survivors; exit code 1 where less than 80 % of an area are killed.
 *
 *   npm run mutation -- [AREA [SOURCE]]
 */
const root = join(import.meta.dirname, "..");
process.chdir(root);
const killedMin = 0.8;
const testMsMax = 60_000;
const mutantsOfDatabase = 40;

interface Test {
  readonly file: string;
  readonly seconds: number;
  readonly coverage: Coverage;
}
interface Candidate {
  readonly source: string;
  readonly text: string;
  readonly mutant: Mutant;
}

const [areaName, sourceName] = process.argv.slice(2);
const chosen = Object.entries(areas).filter(([name]) => areaName === undefined || name === areaName);
if (chosen.length === 0) {
  console.error(`kinora: ${areaName} is no area: ${Object.keys(areas).join(", ")}`);
  process.exitCode = 2;
} else process.exitCode = await run();

async function run(): Promise<number> {
  let isProven = true;
  for (const [name, area] of chosen) isProven = (await measure(name, area)) && isProven;
  return isProven && !interrupted.aborted ? 0 : 1;
}

interface Ground {
  /** For the files of the runs. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Measures an area; true if enough of its mutants are killed. */
async function measure(name: string, area: Area): Promise<boolean> {
  const tests = await withDatabase(async (ground) => {
    const all: Test[] = [];
    for (const file of filesOf(area.tests, root)) all.push(await runUnchanged(file, ground));
    return all.toSorted((a, b) => a.seconds - b.seconds);
  });
  const candidates: Candidate[] = [];
  for (const source of sourcesOf(area, root).filter((file) => sourceName === undefined || file === sourceName)) {
    const text = await readFile(source, "utf8");
    candidates.push(...mutantsOf(text).map((mutant) => ({ source, text, mutant })));
  }
  console.log(`${name}: ${candidates.length} mutants, ${tests.length} test files`);
  let survivors = 0;
  for (let first = 0; first < candidates.length && !interrupted.aborted; first += mutantsOfDatabase) {
    const waiting = candidates.slice(first, first + mutantsOfDatabase).entries();
    await withDatabase(async (ground) => {
      const lane = async () => {
        for (const [place, candidate] of waiting) {
          if (interrupted.aborted || (await isKilled(candidate, tests, ground, String(place)))) continue;
          survivors += 1;
          console.log(`  survived (${first + place + 1} of ${candidates.length}): ${lineOf(candidate)}`);
        }
      };
      await Promise.all(Array.from({ length: availableParallelism() }, lane));
    });
  }
  const killed = candidates.length - survivors;
  const share = candidates.length === 0 ? 1 : killed / candidates.length;
  console.log(`${name}: ${killed} of ${candidates.length} killed, ${(share * 100).toFixed(1)} %\n`);
  return share >= killedMin;
}

/** Runs some work with a database server of its own: what tests leave in one would fill the memory of the machine. */
async function withDatabase<T>(work: (ground: Ground) => Promise<T>): Promise<T> {
  using memory = await Scratch.make({ inMemory: true });
  await using postgres = await startDatabase(join(memory.folder, "all"));
  return await work({
    folder: memory.folder,
    env: { KINORA_TEST_RUN: memory.folder, KINORA_TEST_POSTGRES: postgres.socket },
  });
}

/** Runs a test file as it is. @throws where it fails, since its failure would kill every mutant */
async function runUnchanged(file: string, { folder, env }: Ground): Promise<Test> {
  const reports = join(folder, "coverage", file.replaceAll("/", "-"));
  const { tally, seconds, output } = await runFiles([file], {
    root,
    scratch: join(folder, "whole"),
    env: { ...env, NODE_V8_COVERAGE: reports },
    testMs: testMsMax,
    signal: interrupted,
  });
  if (tally.failed > 0) throw new Error(`${file} fails without a change:\n${output.slice(-2_000)}`);
  return { file, seconds, coverage: await coverageIn(reports) };
}

/** True if a test notices the change. Tests that do not execute it are not run. */
async function isKilled(
  { source, mutant }: Candidate,
  tests: readonly Test[],
  { folder, env }: Ground,
  number: string,
): Promise<boolean> {
  const url = pathToFileURL(join(root, source)).href;
  const { start, end, replacement } = mutant;
  const hook = pathToFileURL(join(import.meta.dirname, "mutation/hook.ts")).href;
  for (const { file } of tests.filter(({ coverage }) => isCovered(coverage, url, start))) {
    const { tally } = await runFiles([file], {
      root,
      scratch: join(folder, number),
      env: {
        ...env,
        NODE_OPTIONS: `--import=${hook}`,
        KINORA_MUTANT: JSON.stringify({ url, start, end, replacement }),
      },
      testMs: testMsMax,
      signal: interrupted,
    });
    if (tally.failed > 0) return true;
  }
  return false;
}

function lineOf({ source, text, mutant: { line, kind, start, end, replacement } }: Candidate): string {
  const short = (code: string) => code.replaceAll(/\s+/g, " ").slice(0, 80);
  return `${source}:${line} ${kind}: ${short(text.slice(start, end))} → ${short(replacement)}`;
}
