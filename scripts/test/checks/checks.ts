import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Execute } from "../child.ts";
import { type Ended, run } from "../child.ts";
import { lint } from "./lint.ts";
import type { Tally } from "../tally.ts";

interface Check {
  /** Its name in `npm run check -- NAME`; several may share one. */
  readonly name: string;
  readonly label: string;
  /** Runs a program to its end; a check may run several. */
  readonly run: (execute: Execute) => Promise<Ended>;
}
const bin = (name: string): string => join("node_modules/.bin", name);
const command =
  (program: string, ...args: readonly string[]): Check["run"] =>
  (execute) =>
    execute(program, args);
/**
 * A second run checks changed files again, and all that depend on them. One checker is enough. Several would each work
 * out the types of shared files once more: three times the processor time, and more real time on two processors.
 */
const types = (project: string, name: string): Check["run"] =>
  command(
    bin("tsc"),
    "--noEmit",
    "--incremental",
    "--checkers",
    "1",
    "-p",
    project,
    "--tsBuildInfoFile",
    `.kinora/types/${name}.tsbuildinfo`,
  );
/** The most characters of a check's output that are repeated at the end of the run. */
const lengthMax = 1_500;

/** The longest come first, as several run side by side. */
const checks: readonly Check[] = [
  { name: "types", label: "types", run: types(".", "server") },
  { name: "lint", label: "lint", run: lint },
  { name: "types", label: "types of the client package", run: types("sdk", "sdk") },
  { name: "types", label: "types of the web app", run: types("web", "web") },
  { name: "unused", label: "unused code", run: command(bin("knip")) },
  { name: "format", label: "format", run: command(bin("biome"), "format", ".") },
  { name: "generated", label: "generated files", run: command(process.execPath, "scripts/generate.ts", "--check") },
  { name: "supply", label: "supply chain", run: command(process.execPath, "scripts/supply.ts") },
];
export const checkNames: readonly string[] = [...new Set(checks.map(({ name }) => name))];

/** Runs every check, or those of these names, on all cores, also after one failed, and says what failed. */
export async function runChecks(
  root: string,
  seconds: number,
  names = checkNames,
): Promise<{ tally: Tally; cpuSeconds: number }> {
  const failures: string[] = [];
  let cpuSeconds = 0;
  const execute: Execute = async (program, args, env = {}) => {
    const ended = await run(program, args, { seconds, shows: false, cwd: root, env });
    cpuSeconds += ended.cpuSeconds;
    return ended;
  };
  const chosen = checks.filter(({ name }) => names.includes(name));
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const began = performance.now();
      const { code, output } = await check.run(execute);
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      console.log(`${code === 0 ? "✔" : "✖"} ${check.label} (${seconds} s)`);
      if (code === 0) continue;
      console.log(output);
      failures.push(`${check.label}\n${output.slice(-lengthMax)}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  const passed = chosen.length - failures.length;
  return { tally: { passed, failed: failures.length, skipped: [], failures }, cpuSeconds };
}
