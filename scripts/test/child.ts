import { type ChildProcess, spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

export interface Ended {
  /** 0 when it succeeded; null when it was ended for taking too long. */
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
}

const outputBytesKept = 200_000;
const living = new Set<ChildProcess>();

interface Settings {
  readonly seconds: number;
  readonly shows?: boolean;
  readonly cwd: string;
  /** What it has in its environment beside what we have. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program in a group of its own, for so many seconds at most, showing what it says unless told not to. */
export function run(
  program: string,
  args: readonly string[],
  { seconds, shows = true, cwd, env = {} }: Settings,
): Promise<Ended> {
  const began = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  living.add(child);
  let output = "";
  const keep = (chunk: string): void => {
    output = (output + chunk).slice(-outputBytesKept);
    if (shows) process.stdout.write(chunk);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const late = setTimeout(() => endGroup(child, "SIGKILL"), seconds * 1_000);
  return new Promise((resolve) => {
    const end = (code: number | null): void => {
      clearTimeout(late);
      living.delete(child);
      resolve({ code, output, seconds: (performance.now() - began) / 1_000 });
    };
    child.once("error", (error) => {
      keep(`${error.message}\n`);
      end(127);
    });
    child.once("close", (code) => end(code));
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => {
    for (const child of living) endGroup(child, signal);
    process.exitCode = 130;
    setTimeout(() => process.exit(130), 5_000).unref();
  });
