import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * Names this life of a process: `<instance>#<run of the machine>#<life>`. Two with one instance are the same place one
 * after the other; what a process wrote outlives it, though not its machine, until it is synced.
 */
export const lifeOf = (instance: string): string =>
  `${instance.replaceAll("#", "_").slice(-200)}#${machineRun()}#${randomBytes(8).toString("hex")}`;

/** An unknown run of the machine counts as a new one for each process. */
function machineRun(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return randomBytes(8).toString("hex");
  }
}
