import { noScore } from "#policy/hot-score";

/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE hashtag.hashtags (
     id            BIGINT  PRIMARY KEY,
     key           TEXT    NOT NULL UNIQUE,
     name          TEXT    NOT NULL,
     description   TEXT    NOT NULL DEFAULT '',
     video_count   INTEGER NOT NULL DEFAULT 0 CHECK (video_count >= 0),
     view_count    BIGINT  NOT NULL DEFAULT 0 CHECK (view_count >= 0),
     hot_score     BIGINT  NOT NULL DEFAULT ${noScore},
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX hashtags_hot ON hashtag.hashtags (hot_score DESC, id DESC) WHERE video_count > 0;
   CREATE TABLE hashtag.video_hashtags (
     hashtag_id      BIGINT NOT NULL REFERENCES hashtag.hashtags (id),
     video_id        BIGINT NOT NULL,
     hot_score       BIGINT NOT NULL,
     published_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, hashtag_id)
   );
   CREATE INDEX video_hashtags_new ON hashtag.video_hashtags (hashtag_id, published_at_ms DESC, video_id DESC);
   CREATE INDEX video_hashtags_hot ON hashtag.video_hashtags (hashtag_id, hot_score DESC, video_id DESC);
   CREATE TABLE hashtag.video_copies (
     video_id        BIGINT  PRIMARY KEY,
     version         INTEGER NOT NULL,
     published_at_ms BIGINT,
     view_count      BIGINT  NOT NULL DEFAULT 0,
     hot_score       BIGINT  NOT NULL DEFAULT ${noScore}
   )`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  video_hashtags: "hashtag_id",
  video_copies: "video_id",
} as const;
