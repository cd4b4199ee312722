import { goneTable } from "#kernel/db/gone";
import { cold } from "#kernel/db/heat";
import { watchedTable } from "#kernel/db/watched";

/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE hashtags (
     id            BIGINT  PRIMARY KEY,
     key           TEXT    NOT NULL UNIQUE,
     name          TEXT    NOT NULL,
     description   TEXT    NOT NULL DEFAULT '',
     video_count   INTEGER NOT NULL DEFAULT 0 CHECK (video_count >= 0),
     view_count    BIGINT  NOT NULL DEFAULT 0 CHECK (view_count >= 0),
     heat          BIGINT  NOT NULL DEFAULT ${cold},
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX hashtags_hot ON hashtags (heat DESC, id DESC) WHERE video_count > 0;
   CREATE TABLE video_hashtags (
     hashtag_id      BIGINT NOT NULL REFERENCES hashtags (id),
     video_id        BIGINT NOT NULL,
     heat            BIGINT NOT NULL,
     published_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, hashtag_id)
   );
   CREATE INDEX video_hashtags_new ON video_hashtags (hashtag_id, published_at_ms DESC, video_id DESC);
   CREATE INDEX video_hashtags_hot ON video_hashtags (hashtag_id, heat DESC, video_id DESC);
   CREATE TABLE video_notes (
     video_id        BIGINT  PRIMARY KEY,
     version         INTEGER NOT NULL,
     published_at_ms BIGINT,
     view_count      BIGINT  NOT NULL DEFAULT 0,
     heat            BIGINT  NOT NULL DEFAULT ${cold}
   )`,
  `CREATE TABLE silenced (
     user_id  BIGINT NOT NULL,
     kind     TEXT   NOT NULL CHECK (kind IN ('mute', 'bar')),
     until_ms BIGINT,
     reason   TEXT   NOT NULL,
     PRIMARY KEY (user_id, kind)
   )`,
  watchedTable,
  goneTable,
];
