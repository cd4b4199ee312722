import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process id with the moment it began, so that a reused number is not taken for the same process. */
export interface Running {
  readonly pid: number;
  /** Opaque; equal for the same process, differing after a reboot and for a later process of the same number. */
  readonly since: string;
}

/** The process of this number, or undefined when there is none, or only a zombie that nobody has reaped yet. */
export function running(pid: number): Running | undefined {
  const since = process.platform === "linux" ? sinceProc(pid) : sincePs(pid);
  return since === undefined ? undefined : { pid, since };
}

/** True if that very process still runs. */
export const isRunning = (who: Running): boolean => running(who.pid)?.since === who.since;

/** Field 3 (state) and 22 (starttime) of proc(5) `stat`, after the name, which may hold blanks and brackets. */
function stat(pid: number): { state: string; parent: number; since: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", parent: Number(fields[1]), since: fields[19] ?? "" };
  } catch {
    return undefined; // The process no longer exists.
  }
}

function sinceProc(pid: number): string | undefined {
  const entry = stat(pid);
  if (entry === undefined || entry.state === "Z" || entry.state === "X") return undefined;
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${entry.since}`;
}

function sincePs(pid: number): string | undefined {
  const line = ps(["-o", "stat=,lstart=", "-p", String(pid)]).trim();
  const [state, ...start] = line.split(/\s+/);
  return line === "" || state?.startsWith("Z") ? undefined : start.join(" ");
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync("ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return ""; // ps answers 1 when it finds nothing.
  }
}

/** True if this process is a PostgreSQL of this data folder: the server makes it its working directory. */
export function isServerOf(pid: number, data: string): boolean {
  if (process.platform !== "linux") return ps(["-o", "command=", "-p", String(pid)]).includes(data);
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data;
  } catch {
    return false;
  }
}

/** The direct children of a process. */
export function childrenOf(pid: number): number[] {
  if (process.platform !== "linux") return [...ps(["-o", "pid=", "--ppid", String(pid)]).matchAll(/\d+/g)].map(Number);
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((child) => stat(child)?.parent === pid);
}
