/** The results of one attempt, in the order of what it asked. */
export interface Attempt<T> {
  readonly results: readonly T[];
  /** False where too few endpoints answer at all, which the next look-up will find out again. */
  readonly isWorthAnother: boolean;
}

const attemptsMax = 2;

/**
 * Asks for all results, and once more for those without an answer: after a reorganisation, or where endpoints disagree.
 * The second attempt is patient: it waits for every endpoint until the deadline.
 */
export async function askAnew<T>(
  initial: readonly T[],
  isOpen: (result: T) => boolean,
  ask: (indices: readonly number[], isPatient: boolean) => Promise<Attempt<T>>,
): Promise<readonly T[]> {
  const results = [...initial];
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const open = [...results.keys()].filter((index) => isOpen(results[index] as T)); // An index of the list.
    if (open.length === 0) break;
    const answer = await ask(open, attempt > 0);
    for (const [place, index] of open.entries()) results[index] = answer.results[place] ?? (results[index] as T); // The same.
    if (!answer.isWorthAnother) break;
  }
  return results;
}
