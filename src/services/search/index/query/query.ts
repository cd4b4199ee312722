import type { Boost } from "./boosts.ts";
import type { ScoreSettings } from "../settings.ts";

/** What is searched for, among what, and in which order. */
export interface SearchQuery {
  /** Words and quoted phrases; every document where it is left out, none where it has nothing to search by. */
  readonly text?: string;
  /** All of them where it is left out. */
  readonly kinds?: readonly number[];
  readonly filter?: Filter;
  /** By score where it is left out; documents without the number come last. */
  readonly sort?: { readonly column: string; readonly order: "asc" | "desc" };
  /** Below 1,000. */
  readonly offset?: number;
  /** At most 1,000; 20 where it is left out. */
  readonly limit?: number;
  /** Multiplies each score. */
  readonly boost?: Boost;
  readonly scores?: Partial<ScoreSettings>;
  /** Whether the last word may be unfinished; true where it is left out. */
  readonly isLastWordOpen?: boolean;
  /** Whether words with few documents also find those that are spelled alike; true where it is left out. */
  readonly toleratesTypos?: boolean;
}

/** Conditions a document meets, all of them. */
export interface Filter {
  /** From the least to the most, both included; a document without the number is left out. */
  readonly ranges?: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
  /** One of these values. */
  readonly keywords?: Readonly<Record<string, readonly string[]>>;
  /** None of these numbers: `{ ownerId: hiddenUserIds }`. */
  readonly except?: Readonly<Record<string, ReadonlySet<number>>>;
}

export interface SearchHit {
  readonly kind: number;
  readonly id: number;
  readonly score: number;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Counted to 1,001. */
  readonly total: number;
  /** Whether each hit has all words of the query, or some of them, as too few have all. */
  readonly match: "all" | "any";
}
