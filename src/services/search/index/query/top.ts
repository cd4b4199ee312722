import type { DocumentKey } from "../document.ts";

export interface Ranked extends DocumentKey {
  readonly score: number;
}

/** Whether `a` stands before `b`: by score, then the newer one (ids grow with time), then by kind. */
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

  add(one: Ranked): void {
    const heap = this.#heap;
    if (heap.length < this.#width) {
      let at = heap.length;
      for (let above = (at - 1) >> 1; at > 0; above = (at - 1) >> 1) {
        const parent = heap[above];
        if (!parent || isBefore(one, parent)) break;
        heap[at] = parent;
        at = above;
      }
      heap[at] = one;
      return;
    }
    const [last] = heap;
    if (last && isBefore(one, last)) this.#replaceLast(one);
  }

  #replaceLast(one: Ranked): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (!left) break;
      const isRight = right !== undefined && isBefore(left, right);
      const below = isRight ? right : left;
      if (isBefore(below, one)) break;
      heap[at] = below;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = one;
  }

  /** From the first to the last. */
  list(): Ranked[] {
    return this.#heap.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  }
}
