/** Keeps the highest of many scores: a heap whose root is the lowest that is kept. */
export class Top {
  readonly #width: number;
  readonly #scores: Float64Array;
  readonly #items: Int32Array;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#scores = new Float64Array(width);
    this.#items = new Int32Array(width);
  }

  /** The score that a new one must exceed to be kept. */
  get floor(): number {
    return this.#size < this.#width ? Number.NEGATIVE_INFINITY : (this.#scores[0] ?? 0);
  }

  add(item: number, score: number): void {
    if (this.#size < this.#width) this.#rise(this.#size++, item, score);
    else if (score > (this.#scores[0] ?? 0)) this.#sink(item, score);
  }

  /** The items from the highest score to the lowest; equal ones by number. It is empty then. */
  take(): { readonly item: number; readonly score: number }[] {
    const all = Array.from({ length: this.#size }, (_, at) => ({
      item: this.#items[at] ?? 0,
      score: this.#scores[at] ?? 0,
    }));
    this.#size = 0;
    return all.toSorted((a, b) => b.score - a.score || a.item - b.item);
  }

  #put(at: number, item: number, score: number): void {
    this.#items[at] = item;
    this.#scores[at] = score;
  }

  #rise(from: number, item: number, score: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((this.#scores[above] ?? 0) <= score) break;
      this.#put(at, this.#items[above] ?? 0, this.#scores[above] ?? 0);
      at = above;
    }
    this.#put(at, item, score);
  }

  #sink(item: number, score: number): void {
    let at = 0;
    for (let below = 1; below < this.#size; below = 2 * at + 1) {
      const right = below + 1;
      if (right < this.#size && (this.#scores[right] ?? 0) < (this.#scores[below] ?? 0)) below = right;
      if ((this.#scores[below] ?? 0) >= score) break;
      this.#put(at, this.#items[below] ?? 0, this.#scores[below] ?? 0);
      at = below;
    }
    this.#put(at, item, score);
  }
}
