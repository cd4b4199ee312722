/**
 * Lets what comes within a time go on together, so that the look-ups of all are one statement (`kernel/db/batches/gather.ts`).
 * There are no turns while nobody waits.
 */
export function createTurns(everyMs: number): () => Promise<void> {
  let next: Promise<void> | undefined;
  return () => {
    next ??= new Promise((resolve) =>
      setTimeout(() => {
        next = undefined;
        resolve();
      }, everyMs),
    );
    return next;
  };
}
