/** Things under way while one is used. */
const aheadMax = 2;

/**
 * Makes things in order, the first one alone and then two at once while one is used. If the user stops early, those
 * under way are aborted, and the end waits for them.
 */
export async function* madeAhead<Item, Made>(
  items: readonly Item[],
  make: (item: Item, signal: AbortSignal) => Promise<Made>,
  signal: AbortSignal,
): AsyncGenerator<{ readonly item: Item; readonly made: Made }> {
  const stop = new AbortController();
  const begin = (item: Item) => {
    const making = make(item, AbortSignal.any([signal, stop.signal]));
    // A failure reaches the turn that awaits it; before that it is no unhandled rejection.
    making.catch(() => undefined);
    return { item, making };
  };
  const waiting = [...items];
  const underWay = waiting.splice(0, 1).map(begin);
  try {
    for (let next = underWay.shift(); next; next = underWay.shift()) {
      const made = await next.making;
      underWay.push(...waiting.splice(0, aheadMax - underWay.length).map(begin));
      yield { item: next.item, made };
    }
  } finally {
    stop.abort();
    await Promise.allSettled(underWay.map(({ making }) => making));
  }
}
