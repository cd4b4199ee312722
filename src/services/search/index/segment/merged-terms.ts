import type { Dictionary } from "./dictionary.ts";

/** The place of a term in one of several dictionaries. */
export interface TermPlace {
  readonly source: number;
  readonly number: number;
}

interface Cursor {
  term: string;
  number: number;
  readonly source: number;
  readonly dictionary: Dictionary;
}

/**
 * The terms of several dictionaries, sorted, each once, with its places in the order of the dictionaries. A heap of
 * cursors: a look-up of each term in each dictionary takes minutes where hundreds of segments are merged.
 */
export function* mergedTerms(
  dictionaries: readonly Dictionary[],
): Generator<{ readonly term: string; readonly places: readonly TermPlace[] }> {
  const heap = dictionaries
    .map((dictionary, source): Cursor => ({ term: "", number: -1, source, dictionary }))
    .filter(advance)
    // A sorted array is a heap.
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  for (let first = heap[0]; first; first = heap[0]) {
    const { term } = first;
    const places: TermPlace[] = [];
    for (let next: Cursor | undefined = first; next?.term === term; next = heap[0]) {
      places.push({ source: next.source, number: next.number });
      if (!advance(next)) {
        const last = heap.pop();
        if (last && last !== next) heap[0] = last;
      }
      sink(heap);
    }
    yield { term, places };
  }
}

/** Moves to the next term; false if there is none. */
function advance(cursor: Cursor): boolean {
  cursor.number++;
  if (cursor.number >= cursor.dictionary.size) return false;
  cursor.term = cursor.dictionary.term(cursor.number);
  return true;
}

const isBefore = (a: Cursor, b: Cursor): boolean => a.term < b.term || (a.term === b.term && a.source < b.source);

/** Puts the first cursor of a heap where it belongs. */
function sink(heap: Cursor[]): void {
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const [childCursor, leastCursor] = [heap[child], heap[least]];
      if (childCursor && leastCursor && isBefore(childCursor, leastCursor)) least = child;
    }
    const [upper, lower] = [heap[at], heap[least]];
    if (least === at || !upper || !lower) return;
    heap[at] = lower;
    heap[least] = upper;
    at = least;
  }
}
