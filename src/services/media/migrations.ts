import { goneTable } from "#kernel/db/gone";

/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE media (
     id              BIGINT  PRIMARY KEY,
     user_id         BIGINT  NOT NULL,
     file_id         BIGINT  NOT NULL UNIQUE,
     source_key      TEXT    NOT NULL,
     sha256          TEXT    NOT NULL,
     size_bytes      BIGINT  NOT NULL,
     name            TEXT    NOT NULL,
     mime            TEXT    NOT NULL,
     kind            TEXT    NOT NULL CHECK (kind IN ('video', 'audio', 'image')),
     purpose         TEXT    NOT NULL CHECK (purpose IN ('video', 'avatar', 'cover', 'background', 'picture')),
     status          TEXT    NOT NULL CHECK (status IN ('processing', 'ready', 'failed')),
     error           TEXT,
     message         TEXT,
     width           INTEGER NOT NULL DEFAULT 0,
     height          INTEGER NOT NULL DEFAULT 0,
     duration_ms     BIGINT  NOT NULL DEFAULT 0,
     fps             REAL    NOT NULL DEFAULT 0,
     audio_key       TEXT,
     audio_bytes     BIGINT,
     audio_index_key TEXT,
     cover_key       TEXT,
     cover_bytes     BIGINT,
     picture_key     TEXT,
     picture_bytes   BIGINT,
     created_at_ms   BIGINT  NOT NULL,
     deleted_at_ms   BIGINT
   );
   CREATE INDEX media_of_user ON media (user_id, id DESC) WHERE deleted_at_ms IS NULL;
   CREATE TABLE renditions (
     media_id    BIGINT  NOT NULL REFERENCES media (id) ON DELETE CASCADE,
     profile     TEXT    NOT NULL,
     width       INTEGER NOT NULL,
     height      INTEGER NOT NULL,
     bitrate_bps BIGINT  NOT NULL,
     fps         REAL    NOT NULL,
     key         TEXT    NOT NULL,
     size_bytes  BIGINT  NOT NULL,
     index_key   TEXT    NOT NULL,
     PRIMARY KEY (media_id, profile)
   );
   CREATE TABLE media_objects (
     key      TEXT   NOT NULL,
     media_id BIGINT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
     PRIMARY KEY (key, media_id)
   );
   CREATE INDEX media_objects_of_media ON media_objects (media_id);
   CREATE TABLE transcode_tasks (
     id            BIGINT  PRIMARY KEY,
     media_id      BIGINT  NOT NULL REFERENCES media (id) ON DELETE CASCADE,
     status        TEXT    NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
     progress      INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
     step          TEXT    NOT NULL DEFAULT '',
     error         TEXT,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX transcode_tasks_of_media ON transcode_tasks (media_id, id DESC);
   CREATE UNIQUE INDEX transcode_tasks_once ON transcode_tasks (media_id) WHERE status IN ('queued', 'running')`,
  `CREATE INDEX media_of_content ON media (user_id, sha256) WHERE deleted_at_ms IS NULL`,
  `ALTER TABLE media ADD COLUMN storyboard TEXT, ADD COLUMN thumb TEXT, ADD COLUMN loudness TEXT;
   CREATE TABLE extras (
     media_id   BIGINT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
     name       TEXT   NOT NULL,
     mime       TEXT   NOT NULL,
     key        TEXT   NOT NULL,
     size_bytes BIGINT NOT NULL,
     PRIMARY KEY (media_id, name)
   )`,
  `CREATE TABLE captions (
     id            BIGINT  PRIMARY KEY,
     media_id      BIGINT  NOT NULL REFERENCES media (id) ON DELETE CASCADE,
     language      TEXT    NOT NULL,
     label         TEXT    NOT NULL,
     cues          INTEGER NOT NULL,
     key           TEXT    NOT NULL,
     size_bytes    BIGINT  NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     UNIQUE (media_id, language)
   )`,
  `ALTER TABLE transcode_tasks ADD COLUMN user_id BIGINT, ADD COLUMN ends_at_ms BIGINT;
   UPDATE transcode_tasks t SET user_id = m.user_id FROM media m WHERE m.id = t.media_id;
   ALTER TABLE transcode_tasks ALTER COLUMN user_id SET NOT NULL;
   CREATE INDEX transcode_tasks_of_user ON transcode_tasks (user_id, id DESC)`,
  `ALTER TABLE media ADD COLUMN audio_language TEXT, ADD COLUMN audio_label TEXT NOT NULL DEFAULT '';
   CREATE TABLE other_sounds (
     media_id   BIGINT  NOT NULL REFERENCES media (id) ON DELETE CASCADE,
     number     INTEGER NOT NULL CHECK (number BETWEEN 2 AND 8),
     language   TEXT,
     label      TEXT    NOT NULL,
     key        TEXT    NOT NULL,
     size_bytes BIGINT  NOT NULL,
     index_key  TEXT    NOT NULL,
     PRIMARY KEY (media_id, number)
   );
   ALTER TABLE captions ADD COLUMN source TEXT NOT NULL DEFAULT 'upload' CHECK (source IN ('upload', 'file'))`,
  // What administrators switched off; all else is on.
  `CREATE TABLE formats_off (
     kind         TEXT   NOT NULL,
     name         TEXT   NOT NULL,
     since_ms     BIGINT NOT NULL,
     PRIMARY KEY (kind, name)
   )`,
  goneTable,
];
