import { chmod, mkdir, rm } from "node:fs/promises";
import { run } from "./child.ts";
import type { Result } from "./item.ts";
import type { Item } from "./plan/plan.ts";
import { failing, type Tally } from "./tally.ts";

interface Settings {
  readonly root: string;
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs the program of an item that is no test file. */
export async function runScript({ suite, name }: Item, { root, scratch, env, signal }: Settings): Promise<Result> {
  await mkdir(scratch, { recursive: true });
  await chmod(scratch, 0o1777);
  const { runs } = suite;
  const program = name.endsWith(".ts") ? process.execPath : "bash";
  const { code, output, seconds, cpuSeconds } = await run(
    program,
    [name, ...(runs.kind === "script" ? runs.args : [])],
    {
      seconds: Number.POSITIVE_INFINITY,
      shows: false,
      cwd: root,
      env: { ...env, TMPDIR: scratch },
      signal,
    },
  );
  await rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  const tally = runs.kind === "script" ? judgeLines(output) : judgeCode(name, code);
  return { tally, seconds, cpuSeconds, files: [], output };
}

/** The tally of a script that says `ok - `, `not ok - ` and at its end `end of `. Pure. */
export function judgeLines(output: string): Tally {
  const lines = output.split("\n");
  const failures = lines.filter((line) => line.startsWith("not ok - "));
  const passed = lines.filter((line) => line.startsWith("ok - ")).length;
  const tally = { passed, failed: failures.length, skipped: [], failures };
  return lines.some((line) => line.startsWith("end of ")) ? tally : failing(tally, "it did not come to its end");
}

function judgeCode(name: string, code: number | null): Tally {
  const nothing: Tally = { passed: 0, failed: 0, skipped: [], failures: [] };
  return code === 0 ? { ...nothing, passed: 1 } : failing(nothing, `${name} ended with ${code}`);
}
