import type { Id } from "#kernel";
import type { DocumentKind } from "../documents/documents.ts";
import type { SearchQuery } from "../index/query/query.ts";

/** What the scores of documents are multiplied by: the views and the age of a video, the followers of a user. */
export type Boosting = { readonly by: "playsAndFreshness"; readonly nowMs: number } | { readonly by: "followers" };

/** What is asked of one kind of documents. */
export interface KindQuery extends Pick<SearchQuery, "isName" | "scope" | "filter" | "sort"> {
  readonly kind: DocumentKind;
  /** Every document where it is left out, none where it has nothing to search by. */
  readonly text?: string;
  readonly boost?: Boosting;
  /** Whether documents have all words of the text, without typing errors; false where it is left out. */
  readonly isExact?: boolean;
}

/** A document in the order of a query. */
export interface Place {
  readonly id: Id;
  /** What it is ordered by: a whole number, which only the backend that yields it can read. */
  readonly rank: number;
}

/** Which part of the documents that are found. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
  /** They stand after this one, whether it is still found or not. */
  readonly after?: Place;
}

export interface Found {
  readonly places: readonly Place[];
  /** Of all, counted to 1,001. */
  readonly total: number;
}

/** Searches the documents of `search.documents`, some seconds after they changed. */
export interface SearchBackend {
  /** The documents that a query finds, the best first. @throws SearchUnavailable */
  find(query: KindQuery, slice: Slice): Promise<Found>;
  /** Of these videos, those that may have words of a text in their captions. @throws SearchUnavailable */
  withWordsInCaptions(text: string, videoIds: readonly Id[]): Promise<readonly Id[]>;
  /** A text in the spelling of the videos; null where each of its words is in one, or none is like it. @throws SearchUnavailable */
  correction(text: string): Promise<string | null>;
}
