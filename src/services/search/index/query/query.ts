import type { Boost } from "./boosts.ts";
import type { ScoreSettings } from "../settings.ts";

/** A query: the text, the documents to search and their order. */
export interface SearchQuery {
  /** Words and quoted phrases; every document where it is left out, none where it has nothing to search by. */
  readonly text?: string;
  /** True if the text is a part of a name, and is searched in `names` alone. */
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
  /** True if the last word, and words with few documents, may be unfinished; true by default. */
  readonly opensWords?: boolean;
  /** True if hits must have all words of the query, however few have; false by default. */
  readonly needsAllWords?: boolean;
  /** True if words with few documents also find similarly spelled ones; true by default. */
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
  /** The sort value of the hit: the score, or the number that hits are sorted by. */
  readonly rank: number;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Counted to 1,001. */
  readonly total: number;
  /** `all` if each hit has all words of the query; `any` if hits have some of them, as too few have all. */
  readonly match: "all" | "any";
}
