import type { Id } from "#kernel";
import type { DocumentKind } from "../documents/documents.ts";
import type { SearchQuery } from "../index/query/query.ts";

/** The factor of the scores: views and age for videos, followers for users. */
export type Boosting = { readonly by: "playsAndFreshness"; readonly nowMs: number } | { readonly by: "followers" };

/** A query for documents of one kind. */
export interface KindQuery extends Pick<SearchQuery, "isName" | "scope" | "filter" | "sort"> {
  readonly kind: DocumentKind;
  /** Every document where it is left out, none where it has nothing to search by. */
  readonly text?: string;
  readonly boost?: Boosting;
  /** True if documents must have all words of the text, without typing errors; false by default. */
  readonly isExact?: boolean;
}

/** A document in the order of a query. */
export interface Place {
  readonly id: Id;
  /** The sort value: a whole number that only the backend it comes from can read. */
  readonly rank: number;
}

/** The requested part of the results. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
  /** They stand after this one, whether it is still found or not. */
  readonly after?: Place;
}

export interface Found {
  readonly places: readonly Place[];
  /** The number of all results, counted up to 1,001. */
  readonly total: number;
}

/** Searches the documents of `search.documents`, some seconds after they changed. */
export interface SearchBackend {
  /** The documents that a query finds, the best first. @throws SearchUnavailable */
  find(query: KindQuery, slice: Slice): Promise<Found>;
  /** The videos among these that may have words of a text in their captions. @throws SearchUnavailable */
  withWordsInCaptions(text: string, videoIds: readonly Id[]): Promise<readonly Id[]>;
  /** A text in the spelling of the videos; null where each of its words is in one, or none is like it. @throws SearchUnavailable */
  correction(text: string): Promise<string | null>;
}
