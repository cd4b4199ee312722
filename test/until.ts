import assert from "node:assert/strict";

/** Soon at first, then less and less often, for each look takes time from what is waited for. */
const lookAgainMs = { first: 10, last: 1_000 };
/** No wait lasts longer by more than this part of it. */
const lateness = 0.1;
/** The time between two looks at a condition that is to come true. */
const soonAgainMs = 50;

/** The first thing `look` finds; fails when there is nothing within the time, with what `said` says then. */
export async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  { waitMs = 180_000, said = () => "" }: { readonly waitMs?: number; readonly said?: () => string } = {},
): Promise<T> {
  const beganMs = performance.now();
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    const waitedMs = performance.now() - beganMs;
    assert.ok(waitedMs < waitMs, `it did not come true within ${waitMs} ms\n${said()}`);
    const pauseMs = Math.min(Math.max(waitedMs * lateness, lookAgainMs.first), lookAgainMs.last);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/**
 * Waits for a promise that has a time limit: a later request must see it. A request within the time may be answered as
 * late as a busy machine answers.
 */
export async function soon(
  withinMs: number,
  isSo: () => Promise<boolean>,
  { sinceMs = performance.now(), said = () => "" }: { readonly sinceMs?: number; readonly said?: () => string } = {},
): Promise<void> {
  for (;;) {
    const askedMs = performance.now();
    if (await isSo()) return;
    assert.ok(
      askedMs < sinceMs + withinMs,
      `asked more than ${withinMs} ms after the change, it was as before\n${said()}`,
    );
    await new Promise((resolve) => setTimeout(resolve, soonAgainMs));
  }
}
