/**
 * Does the work of all items, so many side by side, the longest first: short ones fill what is left at the end. Settles
 * when all is done; what is still waiting when `signal` ends the run is returned.
 */
export async function schedule<T>(
  items: readonly T[],
  lanes: number,
  secondsOf: (item: T) => number,
  work: (item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<T[]> {
  const waiting = items.toSorted((a, b) => secondsOf(b) - secondsOf(a));
  const lane = async (): Promise<void> => {
    while (!signal.aborted) {
      const item = waiting.shift();
      if (item === undefined) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return waiting;
}
