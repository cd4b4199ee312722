import { flags } from "./flags.ts";
import { dirname } from "node:path";
import type { Children } from "./children.ts";
import { run } from "./run.ts";

/** What one piece of work may use. */
export interface Limits {
  readonly cpuSeconds: number;
  /** Of each file it writes. */
  readonly fileBytes: number;
  /** Somebody waits for it and it is short: it does not stand back behind long encodes. */
  readonly isUrgent?: boolean;
}

/** What one piece of work may touch: files it reads and the folder it writes. Only the strongest level can enforce it. */
export interface Reach {
  readonly inputs: readonly string[];
  readonly outputFolder?: string;
}

export type SandboxLevel = "bwrap" | "namespaces" | "limits" | "none";

export interface Sandbox {
  readonly level: SandboxLevel;
  /** One sentence for the operator. */
  readonly description: string;
  wrap(command: readonly string[], limits: Limits, reach: Reach): string[];
}

const descriptions: Record<SandboxLevel, string> = {
  bwrap: "decoders see no network, only their one input and their output folder, with limits on time, memory and space",
  namespaces: "decoders see no network and die with all they started, with limits on time, memory and space",
  limits: "decoders have limits on time, memory and space; this system allows no separate network or file view",
  none: "decoders run without limits: the programs prlimit, setpriv and nice are missing",
};

const memoryBytesMax = 4 * 1024 ** 3;
const openFilesMax = 64;

/** Tries the levels from the strongest, each by running `probe` (a program that must succeed, such as FFmpeg -version). */
export async function chooseSandbox(children: Children, probe: readonly string[]): Promise<Sandbox> {
  const limits = { cpuSeconds: 10, fileBytes: 1024 ** 2 };
  const [program = ""] = probe;
  for (const level of ["bwrap", "namespaces", "limits"] as const)
    for (const asRoot of level === "namespaces" ? [true, false] : [true]) {
      const sandbox = sandboxOf(level, asRoot);
      const command = sandbox.wrap(probe, limits, { inputs: [program] });
      const works = await run(children, { command, deadlineMs: 5000 }).then(
        () => true,
        () => false,
      );
      if (works) return sandbox;
    }
  return sandboxOf("none", false);
}

/** One level, untried. `asRoot`: namespaces are made directly; otherwise inside a user namespace of their own. */
export function sandboxOf(level: SandboxLevel, asRoot: boolean): Sandbox {
  return {
    level,
    description: descriptions[level],
    wrap(command, limits, reach) {
      if (level === "none") return [...command];
      const inner =
        level === "bwrap" ? bwrap(command, reach) : level === "namespaces" ? namespaces(command, asRoot) : [...command];
      return [...limited(limits), ...inner];
    },
  };
}

/** Each program replaces itself by the next, so the process that was started stays the one that is limited. */
const limited = ({ cpuSeconds, fileBytes, isUrgent = false }: Limits): string[] => [
  ...flags(`setpriv --pdeathsig KILL nice -n ${isUrgent ? 0 : 10} prlimit`),
  // The hard limit comes later than the soft one: SIGXCPU lets FFmpeg say why, SIGKILL follows.
  `--cpu=${whole(cpuSeconds)}:${whole(cpuSeconds) + 5}`,
  `--fsize=${whole(fileBytes)}`,
  ...flags(`--nofile=${openFilesMax} --as=${memoryBytesMax} --core=0 --`),
];

function whole(value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new RangeError("a limit is a positive number");
  return Math.ceil(value);
}

/** A process namespace ends with its first process, so what leaves the group cannot outlive it. */
const namespaces = (command: readonly string[], asRoot: boolean): string[] => [
  ...flags(`unshare ${asRoot ? "" : "--user --map-current-user "}--net --ipc --pid --fork --kill-child --`),
  ...command,
];

function bwrap([program = "", ...args]: readonly string[], { inputs, outputFolder }: Reach): string[] {
  const bind = (kind: string, path: string): string[] => [kind, path, path];
  return [
    ...flags("bwrap --unshare-all --die-with-parent --new-session --clearenv --setenv LC_ALL C"),
    ...flags("/usr /bin /lib /lib64 /etc/alternatives /etc/ld.so.cache").flatMap((path) => bind("--ro-bind-try", path)),
    ...flags("--proc /proc --dev /dev --tmpfs /tmp"),
    ...(program.startsWith("/usr/") ? [] : bind("--ro-bind-try", dirname(program))),
    ...inputs.flatMap((path) => bind("--ro-bind", path)),
    ...(outputFolder === undefined ? [] : [...bind("--bind", outputFolder), "--chdir", outputFolder]),
    "--",
    program,
    ...args,
  ];
}
