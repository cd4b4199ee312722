import { readdirSync, readFileSync } from "node:fs";
import { isRunning, type Running, running } from "../../src/kernel/postgres/running.ts";

/** A process and all it started, directly or not, as they are now. */
export function family(pid: number): Running[] {
  const parents = new Map(
    readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [[Number(name), parentOf(name)]] : [])),
  );
  const found = new Set([pid]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [child, parent] of parents) if (parent !== undefined && found.has(parent)) found.add(child);
  }
  return [...found].flatMap((one) => running(one) ?? []);
}

/** Those of these that still run. */
export const survivors = (processes: readonly Running[]): Running[] => processes.filter(isRunning);

/** Ends them all at one moment, as a power cut does. */
export function endAll(processes: readonly Running[]): void {
  for (const { pid } of survivors(processes))
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
}

/** Field 4 of proc(5) `stat`, after the name, which may hold blanks and brackets. */
function parentOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // It has ended.
  }
}
