import type { DocumentKey } from "../document.ts";

export interface Ranked extends DocumentKey {
  readonly score: number;
}

/** True if `a` comes before `b`: by score, then the newer one (ids grow with time), then by kind. */
export const isBefore = (a: Ranked, b: Ranked): boolean =>
  a.score !== b.score ? a.score > b.score : a.id !== b.id ? a.id > b.id : a.kind < b.kind;

/** Keeps the first of many documents: a heap whose root is the last that is kept. */
export class Top {
  readonly #width: number;
  readonly #heap: Ranked[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Below it no score is kept. */
  get floor(): number {
    return this.#heap.length < this.#width
      ? Number.NEGATIVE_INFINITY
      : (this.#heap[0]?.score ?? Number.POSITIVE_INFINITY);
  }

  add(entry: Ranked): void {
    const heap = this.#heap;
    if (heap.length < this.#width) {
      let at = heap.length;
      for (let above = (at - 1) >> 1; at > 0; above = (at - 1) >> 1) {
        const parent = heap[above];
        if (!parent || isBefore(entry, parent)) break;
        heap[at] = parent;
        at = above;
      }
      heap[at] = entry;
      return;
    }
    const [last] = heap;
    if (last && isBefore(entry, last)) this.#replaceLast(entry);
  }

  #replaceLast(entry: Ranked): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const leftChild = heap[2 * at + 1];
      const rightChild = heap[2 * at + 2];
      if (!leftChild) break;
      const isRight = rightChild !== undefined && isBefore(leftChild, rightChild);
      const below = isRight ? rightChild : leftChild;
      if (isBefore(below, entry)) break;
      heap[at] = below;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = entry;
  }

  /** From the first to the last. */
  list(): Ranked[] {
    return this.#heap.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  }
}
