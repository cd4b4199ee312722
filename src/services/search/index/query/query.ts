import type { Boost } from "./boosts.ts";
import type { ScoreSettings } from "../settings.ts";

/** What is searched for, among what, and in which order. */
export interface SearchQuery {
  /** Words and quoted phrases; every document where it is left out, none where it has nothing to search by. */
  readonly text?: string;
  /** Whether the text is a part of a name, and is searched in `names` alone. */
  readonly isName?: boolean;
  /**
   * Documents of this scope alone; those without one where it is left out. Words are then searched in names alone, and weigh
   * the same however many documents have them: what is in other scopes changes neither hits nor their order.
   */
  readonly scope?: number;
  /** All of them where it is left out. */
  readonly kinds?: readonly number[];
  readonly filter?: Filter;
  /** By score where it is left out; documents without the number come last. `id` is a column of all documents. */
  readonly sort?: { readonly column: string; readonly order: "asc" | "desc" };
  /** At most 1,000. */
  readonly offset?: number;
  /**
   * The last document of the page before: hits stand after it, also where it is no hit any longer. `rank` is its rank then
   * (see {@link SearchHit}); its present one counts where it is a hit.
   */
  readonly after?: { readonly kind: number; readonly id: number; readonly rank: number };
  /** At most 1,000; 20 where it is left out. */
  readonly limit?: number;
  /** Multiplies each score. */
  readonly boost?: Boost;
  readonly scores?: Partial<ScoreSettings>;
  /** Whether the last word, and others that few documents have, may be unfinished; true where it is left out. */
  readonly opensWords?: boolean;
  /** Whether hits have all words of the query, also where few have; false where it is left out. */
  readonly needsAllWords?: boolean;
  /** Whether words with few documents also find those that are spelled alike; true where it is left out. */
  readonly toleratesTypos?: boolean;
}

/** Conditions a document meets, all of them. */
export interface Filter {
  /** From the least to the most, both included; a document without the number is left out. */
  readonly ranges?: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
  /** One of these values. */
  readonly keywords?: Readonly<Record<string, readonly string[]>>;
  /** One of these ids. */
  readonly only?: ReadonlySet<number>;
  /** None of these numbers: `{ ownerId: hiddenUserIds }`. */
  readonly except?: Readonly<Record<string, ReadonlySet<number>>>;
}

export interface SearchHit {
  readonly kind: number;
  readonly id: number;
  readonly score: number;
  /** What hits are ordered by: the score, or the number they are sorted by. */
  readonly rank: number;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Counted to 1,001. */
  readonly total: number;
  /** Whether each hit has all words of the query, or some of them, as too few have all. */
  readonly match: "all" | "any";
}
