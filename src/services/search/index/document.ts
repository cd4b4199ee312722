/**
 * Names of the texts of a document, in the order of their numbers in postings. `names` is found by any part of it, the
 * others by their words.
 */
export const fieldNames = ["title", "tags", "author", "description", "captions", "names"] as const;
export type FieldName = (typeof fieldNames)[number];

/** The scope of a document among its numbers. */
export const scopeColumn = "scope";

/** A document of the index: a video, a user, a hashtag, a file or a live room. */
export interface SearchDocument {
  /** A positive integer below 2^53, unique within its kind. */
  readonly id: number;
  /** The kind of document, 0 to 255. Scores are computed within the kinds of a query. */
  readonly kind: number;
  /** A later version replaces an earlier one; the same or an earlier one is ignored. */
  readonly version: number;
  readonly fields: Readonly<Partial<Record<FieldName, string>>>;
  /** Columns to filter and sort by, and for boosts: `publishedAt`, `plays`, `ownerId`. */
  readonly numbers?: Readonly<Record<string, number>>;
  /**
   * A document with a scope has `names` alone, and is found by queries of this scope alone: others neither find nor count
   * it, nor read its postings. A positive integer below 2^53, such as the number of its owner.
   */
  readonly scope?: number;
  /** Exact terms to filter by: `{ tag: ["cats"], language: ["en"] }`. */
  readonly keywords?: Readonly<Record<string, readonly string[]>>;
}

/** The number by which a document is known: those of several kinds may share an id. */
export interface DocumentKey {
  readonly kind: number;
  readonly id: number;
}
