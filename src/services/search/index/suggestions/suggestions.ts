import { fold } from "../analysis/fold.ts";
import type { SecondKeys } from "./second-keys.ts";

export interface Suggestion {
  readonly text: string;
  /** The higher, the sooner it is suggested; above 0. */
  readonly weight: number;
  /** The keys by which it is found beside its own, folded. */
  readonly otherKeys?: readonly string[];
}

/** Suggestions that are kept for prefixes of one and two characters. */
const shortWidth = 50;
const charactersMax = 64;

/** The form in which texts and prefixes are compared. */
export const suggestionKey = (text: string): string => fold(text).text.trim().replaceAll(/\s+/g, " ");

/** Texts by their beginnings: sorted keys in an array, made anew where texts or weights change. */
export class Suggestions<S extends Suggestion = Suggestion> {
  readonly #entries: readonly S[];
  readonly #keys: readonly string[];
  /** By key: its place among the entries, which are in the order of their weights. */
  readonly #owners: Uint32Array;
  readonly #short = new Map<string, number[]>();

  /** @param secondKeys other keys of a text, such as its pinyin */
  constructor(entries: readonly S[], secondKeys: SecondKeys = () => []) {
    this.#entries = entries.toSorted((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1));
    const keyed = this.#entries.flatMap(({ text, otherKeys = [] }, owner) => {
      const keys = new Set([suggestionKey(text), ...otherKeys, ...secondKeys(text)]);
      return Array.from(keys, (key) => ({ key: key.slice(0, charactersMax), owner }));
    });
    const sorted = keyed
      .filter(({ key }) => key !== "")
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#keys = sorted.map(({ key }) => key);
    this.#owners = Uint32Array.from(sorted, ({ owner }) => owner);
    // In the order of weights, so that the first are the best.
    for (const { key, owner } of keyed) {
      const [first = "", second = ""] = key;
      for (const prefix of second === "" ? [first] : [first, first + second]) this.#addShort(prefix, owner);
    }
  }

  /** The suggestions with a prefix in one of their keys, by weight, each once. */
  startingWith(prefix: string, limit: number): S[] {
    const key = suggestionKey(prefix.slice(0, charactersMax));
    if (key === "" || limit < 1) return [];
    const short = [...key].length <= 2 && limit <= shortWidth ? (this.#short.get(key) ?? []) : undefined;
    const owners = short ? short.slice(0, limit) : this.#best(key, limit);
    return owners.flatMap((owner) => this.#entries[owner] ?? []);
  }

  #addShort(prefix: string, owner: number): void {
    if (prefix === "") return;
    const owners = this.#short.get(prefix) ?? [];
    if (owners.length < shortWidth && owners.at(-1) !== owner && !owners.includes(owner)) owners.push(owner);
    this.#short.set(prefix, owners);
  }

  /** The lowest places among the entries of a range of keys, in order. */
  #best(prefix: string, limit: number): number[] {
    const best: number[] = [];
    for (let at = this.#lowerBound(prefix); this.#keys[at]?.startsWith(prefix) === true; at++) {
      const owner = this.#owners[at] ?? 0;
      if (best.length >= limit && owner >= (best.at(-1) ?? 0)) continue;
      if (best.includes(owner)) continue;
      let place = best.length;
      while (place > 0 && (best[place - 1] ?? 0) > owner) place--;
      best.splice(place, 0, owner);
      if (best.length > limit) best.pop();
    }
    return best;
  }

  #lowerBound(prefix: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
