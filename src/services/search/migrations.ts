import { noScore } from "#policy/hot-score";

/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE search.user_entries (
     user_id        BIGINT   PRIMARY KEY,
     version        INTEGER  NOT NULL,
     username_key   TEXT     NOT NULL COLLATE "C",
     nickname_key   TEXT     NOT NULL COLLATE "C",
     username       TEXT     NOT NULL,
     grams          TSVECTOR,
     words          TSVECTOR NOT NULL,
     follower_count INTEGER  NOT NULL DEFAULT 0
   ) WITH (fillfactor = 90);
   CREATE INDEX user_entries_grams ON search.user_entries USING GIN (grams);
   CREATE INDEX user_entries_username ON search.user_entries (username_key) WHERE grams IS NOT NULL;
   CREATE INDEX user_entries_nickname ON search.user_entries (nickname_key) WHERE grams IS NOT NULL;
   CREATE TABLE search.video_entries (
     video_id        BIGINT   PRIMARY KEY,
     author_id       BIGINT   NOT NULL,
     version         INTEGER  NOT NULL,
     title_key       TEXT     NOT NULL,
     own_words       TSVECTOR,
     words           TSVECTOR,
     published_at_ms BIGINT   NOT NULL,
     play_count      INTEGER  NOT NULL DEFAULT 0,
     rank            BIGINT   NOT NULL
   ) WITH (fillfactor = 80);
   CREATE INDEX video_entries_words ON search.video_entries USING GIN (words);
   CREATE INDEX video_entries_author ON search.video_entries (author_id) WHERE words IS NOT NULL;
   CREATE TABLE search.hashtag_entries (
     hashtag_id BIGINT   PRIMARY KEY,
     key        TEXT     NOT NULL COLLATE "C",
     name       TEXT     NOT NULL,
     letters    INTEGER  NOT NULL,
     words      TSVECTOR NOT NULL
   );
   CREATE INDEX hashtag_entries_words ON search.hashtag_entries USING GIN (words);
   CREATE INDEX hashtag_entries_key ON search.hashtag_entries (key);
   CREATE TABLE search.search_history (
     user_id        BIGINT NOT NULL,
     key            TEXT   NOT NULL COLLATE "C",
     keyword        TEXT   NOT NULL,
     searched_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, key)
   );
   CREATE INDEX search_history_latest ON search.search_history (user_id, searched_at_ms DESC);
   CREATE TABLE search.search_settings (
     user_id BIGINT  PRIMARY KEY,
     is_kept BOOLEAN NOT NULL
   );
   CREATE TABLE search.hot_searches (
     key         TEXT    COLLATE "C" PRIMARY KEY,
     keyword     TEXT    NOT NULL,
     hot_score   BIGINT  NOT NULL DEFAULT ${noScore},
     searchers   INTEGER NOT NULL DEFAULT 0,
     has_results BOOLEAN NOT NULL DEFAULT false,
     is_hidden   BOOLEAN NOT NULL DEFAULT false
   );
   CREATE INDEX hot_searches_score ON search.hot_searches (hot_score DESC)
     WHERE NOT is_hidden AND (has_results OR searchers > 1);
   CREATE TABLE search.recent_searchers (
     key      TEXT   NOT NULL COLLATE "C",
     searcher TEXT   NOT NULL,
     hour     BIGINT NOT NULL,
     PRIMARY KEY (key, searcher, hour)
   );
   CREATE INDEX recent_searchers_by_hour ON search.recent_searchers (hour)`,
  `DROP INDEX search.hot_searches_score;
   ALTER TABLE search.hot_searches DROP COLUMN has_results;
   CREATE INDEX hot_searches_score ON search.hot_searches (hot_score DESC) WHERE NOT is_hidden AND searchers >= 5`,
  `CREATE TABLE search.documents (
     kind            SMALLINT NOT NULL,
     id              BIGINT   NOT NULL,
     version         INTEGER  NOT NULL,
     owner_id        BIGINT   NOT NULL,
     title           TEXT     NOT NULL DEFAULT '',
     nickname        TEXT     NOT NULL DEFAULT '',
     description     TEXT     NOT NULL DEFAULT '',
     tags            TEXT[]   NOT NULL DEFAULT '{}',
     hashtags        TEXT[]   NOT NULL DEFAULT '{}',
     published_at_ms BIGINT   NOT NULL DEFAULT 0,
     duration_ms     BIGINT,
     is_upright      BOOLEAN,
     play_count      INTEGER  NOT NULL DEFAULT 0,
     follower_count  INTEGER  NOT NULL DEFAULT 0,
     is_visible      BOOLEAN  NOT NULL,
     named_tx        BIGINT   NOT NULL DEFAULT 0,
     changed_tx      BIGINT   NOT NULL,
     PRIMARY KEY (kind, id)
   ) WITH (fillfactor = 80);
   CREATE INDEX documents_changed ON search.documents (changed_tx);
   CREATE INDEX documents_named ON search.documents (named_tx) WHERE named_tx > 0;
   CREATE INDEX documents_owner ON search.documents (owner_id) WHERE kind = 1 AND is_visible`,
  `CREATE TABLE search.snapshots (
     id            BIGINT  PRIMARY KEY,
     key           TEXT    NOT NULL,
     format        INTEGER NOT NULL,
     ended_tx      BIGINT  NOT NULL,
     storage       BIGINT  NOT NULL,
     documents     INTEGER NOT NULL,
     created_at_ms BIGINT  NOT NULL
   )`,
  // The documents have all that these had.
  "DROP TABLE search.user_entries; DROP TABLE search.video_entries; DROP TABLE search.hashtag_entries",
  `ALTER TABLE search.documents ADD COLUMN media_id BIGINT;
   CREATE INDEX documents_media ON search.documents (media_id) WHERE kind = 1 AND is_visible;
   CREATE TABLE search.captions (
     media_id    BIGINT NOT NULL,
     captions_id BIGINT NOT NULL,
     user_id     BIGINT NOT NULL,
     language    TEXT   NOT NULL,
     starts_ms   INTEGER[],
     texts       TEXT[],
     PRIMARY KEY (media_id, captions_id)
   );
   CREATE INDEX captions_user ON search.captions (user_id)`,
  // The files of an account that is deleted, and tombstones of files by their age.
  `CREATE INDEX documents_files ON search.documents (owner_id, id) WHERE kind = 4 AND is_visible;
   CREATE INDEX documents_deleted_files ON search.documents (published_at_ms) WHERE kind = 4 AND version = 2147483647`,
  // Vectors stay outside of the rows: a search reads the signs of all videos.
  `CREATE TABLE search.video_vectors (
     video_id  BIGINT PRIMARY KEY,
     model     TEXT   NOT NULL,
     text_hash TEXT   NOT NULL,
     signs     BIT VARYING,
     vector    BYTEA
   ) WITH (toast_tuple_target = 128);
   ALTER TABLE search.video_vectors ALTER COLUMN vector SET STORAGE EXTERNAL;
   CREATE TABLE search.embedding_models (
     model     TEXT   PRIMARY KEY,
     threshold DOUBLE PRECISION NOT NULL,
     ended_tx  BIGINT,
     storage   BIGINT
   )`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  search_history: "user_id",
  documents: "id",
  captions: "media_id",
  video_vectors: "video_id",
} as const;
