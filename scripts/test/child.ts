import { type ChildProcess, spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { exitProcess } from "../../src/kernel/process/process-exit.ts";

export interface Ended {
  /** 0 when it succeeded; null when it was ended. */
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  /** The CPU time of the program and of all children that were waited for; 0 if it was ended. */
  readonly cpuSeconds: number;
}

const outputBytesKept = 200_000;
const living = new Set<ChildProcess>();
const stop = new AbortController();
/** A signal asked this process to stop: its children have ended, and nothing new is begun. */
export const interrupted: AbortSignal = stop.signal;
/** How long the rest may take after a signal, the database of the run included. */
const stopMsMax = 15_000;
/** Runs the program as its child and says what the CPU time of both was; what the program starts does not hold fd 3. */
const timed = '"$@" 3>&-; code=$?; times >&3; exit $code';

interface Settings {
  readonly seconds: number;
  readonly shows?: boolean;
  readonly cwd: string;
  /** Its environment variables beside ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it, and all it has started. */
  readonly signal?: AbortSignal;
  /** Called with the process number of the shell above the program. */
  readonly began?: (pid: number) => void;
}

/** Runs a program in a group of its own, for so many seconds at most, printing its output by default. */
export function run(
  program: string,
  args: readonly string[],
  { seconds, shows = true, cwd, env = {}, signal, began = () => undefined }: Settings,
): Promise<Ended> {
  const beganMs = performance.now();
  const child = spawn("/bin/sh", ["-c", timed, "sh", program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  living.add(child);
  if (child.pid !== undefined) began(child.pid);
  let output = "";
  let times = "";
  const keep = (chunk: string): void => {
    output = (output + chunk).slice(-outputBytesKept);
    if (shows) process.stdout.write(chunk);
  };
  child.stdout?.setEncoding("utf8").on("data", keep);
  child.stderr?.setEncoding("utf8").on("data", keep);
  child.stdio[3]?.on("data", (chunk: Buffer) => (times += chunk.toString()));
  const end = () => endGroup(child, "SIGKILL");
  const late = setTimeout(end, Math.min(seconds * 1_000, 2 ** 31 - 1));
  signal?.addEventListener("abort", end, { once: true });
  return new Promise((resolve) => {
    const settle = (code: number | null): void => {
      clearTimeout(late);
      signal?.removeEventListener("abort", end);
      living.delete(child);
      resolve({ code, output, seconds: (performance.now() - beganMs) / 1_000, cpuSeconds: secondsOf(times) });
    };
    child.once("error", (error) => {
      keep(`${error.message}\n`);
      settle(127);
    });
    child.once("close", (code) => settle(code));
  });
}

/** The sum of what `times` of a shell prints: `0m1.25s 0m0.10s`, for itself and for its children. */
const secondsOf = (times: string): number =>
  [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );

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
    stop.abort();
    for (const child of living) endGroup(child, signal);
    setTimeout(() => exitProcess(130), stopMsMax).unref();
  });

export type Execute = (
  program: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<Ended>;
