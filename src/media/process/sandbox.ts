import { realpathSync } from "node:fs";
import { availableParallelism, release } from "node:os";
import { dirname } from "node:path";
import type { Children } from "./children.ts";
import { type SandboxLevel, sandboxLevels } from "./denials.ts";
import { withFileView } from "./file-view.ts";
import { flags } from "../flags.ts";
import { run } from "./run.ts";

/** The limits of one piece of work. */
export interface Limits {
  readonly cpuSeconds: number;
  /** The size of each file it writes. */
  readonly fileBytes: number;
  /** The size of its address space; {@link memoryBytesMax} when left out. */
  readonly memoryBytes?: number;
  /** How it shares the processors with the server; `long` when left out. */
  readonly priority?: Priority;
}

/**
 * A user waits for `urgent` work, and it is short: it has the share of the server. `live` work has to keep pace with a
 * stream: it comes before long encodes and after the server. Long work has what both leave.
 */
export type Priority = "urgent" | "live" | "long";

/** The paths of one piece of work: files it reads and the folder it writes. Only the strongest levels enforce it. */
export interface Reach {
  readonly inputs: readonly string[];
  readonly outputFolder?: string;
}

export interface Sandbox {
  readonly level: SandboxLevel;
  /** Made in the way that only root can go. */
  readonly isRoot: boolean;
  wrap(command: readonly string[], limits: Limits, reach: Reach): string[];
}

const memoryBytesMax = 4 * 1024 ** 3;
const openFilesMax = 64;

/**
 * Tries the levels from the strongest that is wished, each by running `probe` (a program that must succeed, such as
 * FFmpeg -version).
 */
export async function chooseSandbox(
  children: Children,
  probe: readonly string[],
  strongest: SandboxLevel = "bwrap",
): Promise<Sandbox> {
  // A probe that is late on a busy machine would leave the server with a weaker level for as long as it lives.
  const limits = { cpuSeconds: 10, fileBytes: 1024 ** 2, priority: "urgent" } as const;
  for (const level of sandboxLevels.slice(sandboxLevels.indexOf(strongest)))
    for (const sandbox of waysTo(level)) {
      const command = sandbox.wrap(probe, limits, { inputs: [] });
      const works = await run(children, { command, deadlineMs: 30_000 }).then(
        () => true,
        () => false,
      );
      if (works) return sandbox;
    }
  return createSandbox("none", false);
}

/** Root makes namespaces directly and has powers to give up; others make them inside a user namespace. */
export const waysTo = (level: SandboxLevel): Sandbox[] =>
  (level === "bwrap" || level === "none" ? [false] : [true, false]).map((asRoot) => createSandbox(level, asRoot));

/** One level, untried, in the way that only root can go or in the one that is open to all. */
export function createSandbox(level: SandboxLevel, asRoot: boolean): Sandbox {
  const inner: Record<SandboxLevel, (command: readonly string[], reach: Reach, yields: readonly string[]) => string[]> =
    {
      bwrap,
      namespaces: (command, reach) => namespaces(command, reach, asRoot),
      network: (command) => network(command, asRoot),
      limits: (command) => [...powerless(asRoot), ...command],
      none: (command) => [...command],
    };
  return {
    level,
    isRoot: asRoot,
    wrap(command, limits, reach) {
      const yields = yielding(niceness[limits.priority ?? "long"].ofSession);
      const wrapped = inner[level](command, reach, yields);
      return [...(level === "bwrap" ? [] : yields), ...(level === "none" ? [] : withLimits(limits)), ...wrapped];
    },
  };
}

/** Each program replaces itself by the next, so the process that was started stays the one that is limited. */
const withLimits = ({ cpuSeconds, fileBytes, memoryBytes = memoryBytesMax, priority = "long" }: Limits): string[] => [
  ...flags(`setpriv --pdeathsig KILL nice -n ${niceness[priority].ofProcess} prlimit`),
  // The hard limit comes later than the soft one: SIGXCPU lets FFmpeg say why, SIGKILL follows.
  `--cpu=${whole(cpuSeconds)}:${whole(cpuSeconds) + 5}`,
  `--fsize=${whole(fileBytes)}`,
  ...flags(`--nofile=${openFilesMax} --as=${whole(memoryBytes)} --core=0 --`),
];

const niceness: Readonly<Record<Priority, { readonly ofProcess: number; readonly ofSession: number }>> = {
  urgent: { ofProcess: 0, ofSession: 0 },
  live: { ofProcess: 5, ofSession: 2 },
  long: { ofProcess: 10, ofSession: 5 },
};

/** A score from 0 to 1000. */
const oomScore = 800;

/**
 * Writes settings that only the process itself can write, before it starts anything. Short of memory, Linux ends
 * it before the server or its database: a file can be processed again later. Linux groups processes by session and
 * shares the processors among sessions first. Niceness counts within one session alone, unless the session has it too.
 * Linux accepts that from users once in a tenth of a second. Niceness 5 is a third of the share of others, and 2 is two
 * thirds. So a busy server delays its encodes and does not starve them.
 */
const yielding = (nice: number): string[] => [
  "/bin/sh",
  "-c",
  `{
  echo ${oomScore} > /proc/self/oom_score_adj
  group=/proc/self/autogroup nice=${nice}
  [ $nice = 0 ] || [ ! -w $group ] || echo $nice > $group || { sleep 0.2; echo $nice > $group; }
} 2> /dev/null
exec "$@"`,
  "sh",
];

function whole(value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new RangeError("a limit is a positive number");
  return Math.ceil(value);
}

/** No program it finds makes it more than it is. Root keeps what opens its files, in folders that may be another's. */
const powerless = (asRoot: boolean): string[] =>
  flags(`setpriv --no-new-privs --inh-caps=-all ${asRoot ? "--bounding-set=-all,+dac_override " : ""}--`);

/**
 * Processes and threads in one user namespace, which Linux counts by themselves since 5.14; before, the limit would
 * count all that the user runs. An encoder has some threads for every core. Root is never limited by it: `run` watches.
 */
const tasksMax = isAtLeast(release(), 5, 14) ? String(256 + 32 * availableParallelism()) : "unlimited";

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split(".").map(Number);
  return first > major || (first === major && second >= minor);
}

/** A process namespace ends with its first process, so what leaves the group cannot outlive it. */
const namespaces = ([program = "", ...args]: readonly string[], { inputs, outputFolder }: Reach, asRoot: boolean) => [
  ...flags(`unshare ${asRoot ? "" : "--user --map-root-user "}--mount --net --ipc --uts --pid --fork --kill-child --`),
  ...withFileView([program, ...args], { reads: [...beside(program), ...inputs], outputFolder, tasksMax }),
];

const network = (command: readonly string[], asRoot: boolean): string[] => [
  ...flags(`unshare ${asRoot ? "" : "--user --map-current-user "}--net --ipc --uts --pid --fork --kill-child --`),
  ...powerless(asRoot),
  ...command,
];

function bwrap(
  [program = "", ...args]: readonly string[],
  { inputs, outputFolder }: Reach,
  yields: readonly string[],
): string[] {
  const bind = (kind: string, path: string): string[] => [kind, path, path];
  return [
    ...flags("bwrap --unshare-all --die-with-parent --new-session --clearenv --setenv LC_ALL C"),
    ...flags("/usr /bin /lib /lib64 /etc/alternatives /etc/ld.so.cache").flatMap((path) => bind("--ro-bind-try", path)),
    ...flags("--proc /proc --dev /dev"),
    ...beside(program).flatMap((path) => bind("--ro-bind-try", path)),
    ...inputs.flatMap((path) => bind("--ro-bind", path)),
    ...(outputFolder === undefined ? [] : [...bind("--bind", outputFolder), "--chdir", outputFolder]),
    // Files in memory count for no process: only the output folder takes any.
    ...flags("--remount-ro /dev --remount-ro / --"),
    // Outside of its new session it would be another group.
    ...yields,
    ...flags(`prlimit --nproc=${tasksMax} --`),
    program,
    ...args,
  ];
}

/** The folders of a program that is not the system's, and of what it is a link to: it may have libraries there. */
const beside = (program: string): string[] => [
  ...new Set(
    [program, resolveProgram(program)].filter((path) => !/^\/(?:usr|bin)\//.test(path)).map((path) => dirname(path)),
  ),
];

function resolveProgram(program: string): string {
  try {
    return realpathSync(program);
  } catch {
    return program; // It will say itself that it is not there.
  }
}
