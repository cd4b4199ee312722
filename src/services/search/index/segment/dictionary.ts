/**
 * Sorted terms (by UTF-16 units, as `<` compares strings) in two arrays: term `n` is the units from `starts[n]` to
 * `starts[n + 1]`. A string for each term would take four times the memory, and has to be made at each start.
 */
export class Dictionary {
  readonly units: Uint16Array;
  readonly starts: Uint32Array;

  constructor(units: Uint16Array, starts: Uint32Array) {
    this.units = units;
    this.starts = starts;
  }

  /** @param terms sorted, each once */
  static of(terms: readonly string[]): Dictionary {
    const starts = new Uint32Array(terms.length + 1);
    let length = 0;
    for (const [n, term] of terms.entries()) {
      length += term.length;
      starts[n + 1] = length;
    }
    const units = new Uint16Array(length);
    let at = 0;
    for (const term of terms) for (let unit = 0; unit < term.length; unit++) units[at++] = term.charCodeAt(unit);
    return new Dictionary(units, starts);
  }

  get size(): number {
    return this.starts.length - 1;
  }

  term(n: number): string {
    return String.fromCharCode(...this.units.subarray(this.starts[n], this.starts[n + 1]));
  }

  length(n: number): number {
    return (this.starts[n + 1] ?? 0) - (this.starts[n] ?? 0);
  }

  /** The number of a term, -1 where it is absent. */
  find(term: string): number {
    const n = this.lowerBound(term);
    return n < this.size && this.#compare(n, term, false) === 0 ? n : -1;
  }

  /** The numbers of the terms that begin with a prefix: from the first up to, not including, the second. */
  range(prefix: string): readonly [from: number, to: number] {
    const from = this.lowerBound(prefix);
    let [low, high] = [from, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, prefix, true) <= 0) low = middle + 1;
      else high = middle;
    }
    return [from, low];
  }

  /** The first term that is not below a text. */
  lowerBound(text: string): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, text, false) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Below 0 where term `n` stands before the text; as a prefix, it is equal to all that begins with it. */
  #compare(n: number, text: string, isPrefix: boolean): number {
    const from = this.starts[n] ?? 0;
    const length = this.length(n);
    const shared = Math.min(length, text.length);
    for (let at = 0; at < shared; at++) {
      const difference = (this.units[from + at] ?? 0) - text.charCodeAt(at);
      if (difference !== 0) return difference;
    }
    return isPrefix && length >= text.length ? 0 : length - text.length;
  }
}
