import { setTimeout as sleep } from "node:timers/promises";
import { HomeAway } from "./home.ts";

const firstMs = 500;
const waitMsMax = 30_000;

/** How long to wait after so many failures in a row; two runners do not return at the same moment. */
export const backoffMs = (failures: number, random = Math.random()): number =>
  Math.min(firstMs * 2 ** (failures - 1), waitMsMax) * (0.5 + random / 2);

/** Repeats a request while the home is away, until `signal` aborts or `totalMs` are over. */
export async function whileAway<T>(ask: () => Promise<T>, totalMs: number, signal: AbortSignal): Promise<T> {
  const until = performance.now() + totalMs;
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      const waitMs = backoffMs(failures);
      if (!(error instanceof HomeAway) || signal.aborted || performance.now() + waitMs > until) throw error;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
