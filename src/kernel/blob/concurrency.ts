/** Does work on every item, on so many of them at a time; yields the results in the order of the items, or begins nothing more. */
export async function mapConcurrently<T, R>(
  count: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index] as T; // Within its bounds.
      try {
        results[index] = await work(item, index);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(count, items.length) }, worker));
  for (const result of workers) if (result.status === "rejected") throw result.reason;
  return results;
}
