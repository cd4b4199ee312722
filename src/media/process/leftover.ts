import { readFile } from "node:fs/promises";
import type { Children } from "./children.ts";

/** Names one process for as long as the machine runs: ids are used again, an id with its start time is not. */
export interface Recorded {
  readonly pid: number;
  /** Clock ticks between the start of the machine and that of the process (proc(5): /proc/PID/stat, field 22). */
  readonly startTime: number;
}

/** The record to store beside a job so that a later process can end its child; `undefined` without /proc. */
export async function recordOf(pid: number): Promise<Recorded | undefined> {
  const startTime = await startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** True if the process still runs. */
export const isRunning = async ({ pid, startTime }: Recorded): Promise<boolean> =>
  (await startTimeOf(pid)) === startTime;

/** Ends the group of a child left by a process that died, if it is still that child. Answers whether it was. */
export async function endRecorded(child: Recorded, children: Children): Promise<boolean> {
  if (!(await isRunning(child))) return false;
  children.endGroup(child.pid);
  return true;
}

async function startTimeOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  // The second field is the program's name in parentheses and may hold anything, also spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = Number(fields?.[19]);
  return Number.isSafeInteger(startTime) && startTime > 0 ? startTime : undefined;
}
