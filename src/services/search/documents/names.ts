import type { Id } from "#kernel";
import type { SecondKeys } from "../index/suggestions/second-keys.ts";
import { type Suggestion, suggestionKey, Suggestions } from "../index/suggestions/suggestions.ts";

/** A name to suggest. */
export interface Name extends Suggestion {
  readonly id: Id;
}

export interface NameRow {
  readonly id: Id;
  /** The suggested text. */
  readonly text: string;
  /** Another name by which it is found; may be the same. */
  readonly otherName: string;
  readonly weight: number;
}

/** Changes that are kept apart before all names are sorted anew: at least so many, and this share of them. */
const changesMin = 500;
const changedShare = 0.1;
/** Weights that no event changes are read anew after this. */
const oldMs = 600_000;

interface NameParts {
  readonly now: () => number;
  /** The weight of a name beside its own, above 0, where it changes without an event of the name. */
  readonly weightOf?: (text: string) => number;
}

/**
 * Names of one kind by their beginnings. Sorting all of them takes long where they are many: what changed since then is
 * sorted by itself.
 */
export class Names {
  readonly #parts: NameParts;
  readonly #all = new Map<Id, Name>();
  #sorted = new Suggestions<Name>([]);
  #sortedAtMs = Number.NEGATIVE_INFINITY;
  readonly #changed = new Set<Id>();
  #sortedChanges: Suggestions<Name> | undefined;

  constructor(parts: NameParts) {
    this.#parts = parts;
  }

  put({ id, text, otherName, weight }: NameRow, secondKeys: SecondKeys): void {
    const otherKeys = [suggestionKey(otherName), ...secondKeys(text), ...secondKeys(otherName)];
    this.#all.set(id, { id, text, weight, otherKeys });
    this.#change(id);
  }

  remove(id: Id): void {
    if (this.#all.delete(id)) this.#change(id);
  }

  /** Reads the weights that change without an event before the next answer. */
  weighAnew(): void {
    this.#sortedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** The names that begin with `prefix`, the greatest weight first. */
  startingWith(prefix: string, limit: number, isShown: (id: Id) => boolean = () => true): Name[] {
    const isOld = this.#parts.weightOf !== undefined && this.#parts.now() - this.#sortedAtMs > oldMs;
    if (isOld || this.#changed.size > Math.max(changesMin, changedShare * this.#all.size)) this.#sortAll();
    this.#sortedChanges ??= this.#suggestionsOf([...this.#changed].flatMap((id) => this.#all.get(id) ?? []));
    return [
      ...firstOf(this.#sorted, { prefix, limit, isWanted: ({ id }) => !this.#changed.has(id) && isShown(id) }),
      ...firstOf(this.#sortedChanges, { prefix, limit, isWanted: ({ id }) => isShown(id) }),
    ]
      .toSorted((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1))
      .slice(0, limit);
  }

  #change(id: Id): void {
    this.#changed.add(id);
    this.#sortedChanges = undefined;
  }

  #sortAll(): void {
    this.#sorted = this.#suggestionsOf([...this.#all.values()]);
    this.#sortedAtMs = this.#parts.now();
    this.#changed.clear();
    this.#sortedChanges = undefined;
  }

  #suggestionsOf(names: readonly Name[]): Suggestions<Name> {
    const { weightOf } = this.#parts;
    return new Suggestions(
      weightOf ? names.map((name) => ({ ...name, weight: name.weight * weightOf(name.text) })) : names,
    );
  }
}

interface FirstRequest {
  readonly prefix: string;
  readonly limit: number;
  readonly isWanted: (name: Name) => boolean;
}

/** The first names that are wanted; of others there may be any number before them. */
function firstOf(suggestions: Suggestions<Name>, { prefix, limit, isWanted }: FirstRequest): Name[] {
  for (let count = 3 * limit; ; count *= 4) {
    const candidates = suggestions.startingWith(prefix, count);
    const wanted = candidates.filter(isWanted);
    if (wanted.length >= limit || candidates.length < count) return wanted.slice(0, limit);
  }
}
