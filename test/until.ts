import assert from "node:assert/strict";

/** Soon at first, then less and less often: what is asked may be busy with what is waited for. */
const lookAgainMs = { first: 10, last: 50 };

/** The first thing `look` finds; fails when there is nothing within the time, with what `said` says then. */
export async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  { waitMs = 60_000, said = () => "" }: { readonly waitMs?: number; readonly said?: () => string } = {},
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = lookAgainMs.first; ; pauseMs = Math.min(pauseMs * 1.2, lookAgainMs.last)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < deadline, `it did not come true within ${waitMs} ms\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
