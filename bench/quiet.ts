import { readFile } from "node:fs/promises";

const sampleMs = 500;
const busyMax = 0.15;

/** Waits until nothing keeps the machine busy, but not for ever; yields whether it came to rest. */
export async function quiet(waitMs = 10_000): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  do {
    const before = await readTicks();
    await new Promise((resolve) => setTimeout(resolve, sampleMs));
    const after = await readTicks();
    if ((after.busy - before.busy) / (after.all - before.all) <= busyMax) return true;
  } while (performance.now() < deadline);
  return false;
}

/** Ticks of all processors since the machine started, from proc(5) `stat`: at work, and in all. */
async function readTicks(): Promise<{ busy: number; all: number }> {
  const [line = ""] = (await readFile("/proc/stat", "utf8")).split("\n", 1);
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, tick) => sum + tick, 0);
  return { busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}
