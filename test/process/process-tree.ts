import { descendantsOf } from "#media/process/descendants";
import { isRunning, type Running, running } from "../../src/kernel/postgres/process-table.ts";

/** A process and all it started, directly or not, as they are now. */
export function processTree(pid: number): Running[] {
  return [pid, ...descendantsOf(pid)].flatMap((one) => running(one) ?? []);
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
