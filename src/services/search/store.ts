import type { Db as Database, Id, Reader, Tx } from "#kernel";
import { type Generated, type RawBuilder, sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /**
   * Videos, users, hashtags and files as the index in memory has them. A hidden one has no texts, and stays as a
   * tombstone.
   */
  "search.documents": {
    kind: number;
    id: Id;
    version: number;
    /** The author of a video, the user itself, the owner of a file, 0 for a hashtag. */
    owner_id: Id;
    /** The title of a video, the name of a user, hashtag or file. */
    title: Generated<string>;
    nickname: Generated<string>;
    description: Generated<string>;
    /** The tags of a video; the kind of a file. */
    tags: Generated<string[]>;
    hashtags: Generated<string[]>;
    /** The time of publication; the time of deletion of a deleted file. */
    published_at_ms: Generated<number>;
    duration_ms: number | null;
    is_upright: boolean | null;
    play_count: Generated<number>;
    follower_count: Generated<number>;
    is_visible: boolean;
    /** The media object that a video plays; null while it is not known. */
    media_id: Id | null;
    /** The transaction that last changed the names of a user: their videos are found by these. */
    named_tx: Generated<number>;
    changed_tx: number;
  };
  /** Objects with the index, and the horizon of `search.documents` they were made at. */
  "search.snapshots": {
    id: Id;
    key: string;
    /** The format of documents and their analysis; snapshots of other formats are not read. */
    format: number;
    ended_tx: number;
    storage: number;
    documents: number;
    created_at_ms: number;
  };
  /** Captions of media objects, whether a video shows these or not; without texts until they are read. */
  "search.captions": {
    media_id: Id;
    captions_id: Id;
    user_id: Id;
    language: string;
    starts_ms: Generated<number[] | null>;
    texts: Generated<string[] | null>;
  };
  /** Vectors of videos that everybody may find, and the signs of their numbers; both null where the model takes no text of one. */
  "search.video_vectors": {
    video_id: Id;
    model: string;
    /** The hash of the embedded text. */
    text_hash: string;
    signs: string | null;
    vector: Buffer | null;
  };
  /** The model of these vectors, and how far they follow `search.documents`. */
  "search.embedding_models": {
    model: string;
    /** The least similarity that counts as near. */
    threshold: number;
    /** The horizon of the vectors; null during the first filling. */
    ended_tx: number | null;
    storage: number | null;
  };
  "search.search_history": { user_id: Id; key: string; keyword: string; searched_at_ms: number };
  "search.search_settings": { user_id: Id; is_kept: boolean };
  "search.hot_searches": {
    key: string;
    keyword: string;
    hot_score: Generated<number>;
    /** The highest number of different sources within two days. */
    searchers: Generated<number>;
    is_hidden: Generated<boolean>;
  };
  /** Searchers and keywords per hour since 1970. */
  "search.recent_searchers": { key: string; searcher: string; hour: number };
}
export type HostDb = Database<Tables>;
export type Db = Reader<Tables>;
export type Write = Tx<Tables>;

export const deletedVersion = 2_147_483_647;

/** Rows whose column starts with this, in the order of bytes. */
export const startsWith = (column: string, prefix: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} >= ${prefix} AND ${sql.ref(column)} < ${`${prefix}\u{10FFFF}`}`;
