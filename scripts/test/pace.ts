import { Worker } from "node:worker_threads";

/** How long two turns at once take where the time budgets were measured. */
const usualMs = 250;
/** A machine that is slower still is too slow to say anything about time. */
const timesMax = 3;

/**
 * How many times as long this machine takes as the one the budgets are from: 1 where it is as fast or faster. Two turns at
 * once, as tests run: two processors may be the halves of one.
 */
export async function pace(): Promise<number> {
  const began = performance.now();
  await Promise.all([turn(), turn()]);
  return Math.min(timesMax, Math.max(1, (performance.now() - began) / usualMs));
}

function turn(): Promise<void> {
  const worker = new Worker(new URL("turn.ts", import.meta.url));
  return new Promise((resolve, reject) => void worker.once("error", reject).once("exit", () => resolve()));
}
