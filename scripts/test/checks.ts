import { join } from "node:path";
import { type Ended, run } from "./child.ts";
import type { Tally } from "./tally.ts";

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** Why the output of a successful run is not to be believed. */
  doubts?(output: string): string | undefined;
}

const bin = (name: string): string => join("node_modules/.bin", name);
const folders = ["cmd", "src", "test", "bench", "scripts", "web/src"];
/** Far below what there is: a linter that sees less has been called wrongly. */
const filesMin = 50;
/** Of what a check says, how much is said again at the end of the run. */
const lengthMax = 1_500;

/** In the order in which they are most useful to read. */
const checks: readonly Check[] = [
  { name: "types", args: [bin("tsc"), "--noEmit", "-p", "."] },
  { name: "types of the web app", args: [bin("tsc"), "--noEmit", "-p", "web"] },
  {
    // It walks node_modules when no folder is named, and is content when it finds no file at all.
    name: "lint",
    args: [bin("oxlint"), "--type-aware", "--deny-warnings", ...folders],
    doubts(output) {
      const [, files] = / on (\d+) files/.exec(output) ?? [];
      return Number(files ?? 0) < filesMin ? `oxlint looked at ${files ?? 0} files` : undefined;
    },
  },
  { name: "format", args: [bin("biome"), "format", "."] },
  { name: "unused code", args: [bin("knip")] },
  { name: "generated files", args: [process.execPath, "scripts/generate.ts", "--check"] },
  { name: "supply chain", args: [process.execPath, "scripts/supply.ts"] },
];

/** Runs every check, also after one failed, and says what failed. */
export async function runChecks(root: string, seconds: number): Promise<Tally> {
  const failures: string[] = [];
  for (const check of checks) {
    const [program = "", ...args] = check.args;
    const ended = await run(program, args, { seconds, shows: false, cwd: root });
    const wrong = complaint(check, ended);
    console.log(`${wrong === undefined ? "✔" : "✖"} ${check.name} (${ended.seconds.toFixed(1)} s)`);
    if (wrong === undefined) continue;
    console.log(wrong);
    failures.push(`${check.name}\n${wrong.slice(-lengthMax)}`);
  }
  return { passed: checks.length - failures.length, failed: failures.length, skipped: [], failures, flaky: [] };
}

function complaint(check: Check, { code, output }: Ended): string | undefined {
  return code === 0 ? check.doubts?.(output) : output;
}
