import type { Id, Reader, Tx } from "#kernel";
import { type Generated, type RawBuilder, sql } from "kysely";
import { type Needle, tsqueryOf } from "./terms.ts";

/** A set of terms, written and never read. */
type Terms = RawBuilder<unknown> | null;

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** Everybody who was ever told of; who is gone, or only known as an author, has no grams. */
  "search.user_entries": {
    user_id: Id;
    version: number;
    username_key: string;
    nickname_key: string;
    username: string;
    grams: Terms;
    /** What their videos are found by because they are theirs. */
    words: Terms;
    follower_count: Generated<number>;
  };
  /** Every video that was ever told of; what is not public or is gone has no words. */
  "search.video_entries": {
    video_id: Id;
    author_id: Id;
    version: number;
    title_key: string;
    own_words: Terms;
    /** Its own words and those of its author. */
    words: Terms;
    published_at_ms: number;
    play_count: Generated<number>;
    rank: number;
  };
  "search.hashtag_entries": { hashtag_id: Id; key: string; name: string; letters: number; words: Terms };
  "search.search_history": { user_id: Id; key: string; keyword: string; searched_at_ms: number };
  "search.search_settings": { user_id: Id; is_kept: boolean };
  "search.hot_searches": {
    key: string;
    keyword: string;
    heat: Generated<number>;
    /** Different people who looked for it within two days, the most there were. */
    people: Generated<number>;
    has_results: Generated<boolean>;
    is_hidden: Generated<boolean>;
  };
  /** Who looked for what in which hour since 1970. */
  "search.search_marks": { key: string; person: string; hour: number };
}
export type Db = Reader<Tables>;
export type Write = Tx<Tables>;

export const goneVersion = 2_147_483_647;

/** Terms as PostgreSQL keeps them. */
export const vector = (terms: readonly string[]): RawBuilder<unknown> => sql`array_to_tsvector(${[...terms]}::text[])`;

export const matches = (column: string, needles: readonly Needle[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} @@ ${tsqueryOf(needles)}::tsquery`;

/** Everything that begins with this, of a column in the order of its bytes. */
export const begins = (column: string, prefix: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} >= ${prefix} AND ${sql.ref(column)} < ${`${prefix}\u{10FFFF}`}`;
