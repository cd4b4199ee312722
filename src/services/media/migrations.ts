/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE media.media (
     id              BIGINT  PRIMARY KEY,
     user_id         BIGINT  NOT NULL,
     file_id         BIGINT  NOT NULL,
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
     deleted_at_ms   BIGINT,
     storyboard      TEXT,
     thumb           TEXT,
     loudness        TEXT,
     audio_language  TEXT,
     audio_label     TEXT    NOT NULL DEFAULT ''
   );
   CREATE INDEX media_of_file ON media.media (file_id);
   -- A file becomes one media object; its number alone cannot be unique in a table that is partitioned by another.
   CREATE TABLE media.media_files (
     file_id  BIGINT PRIMARY KEY,
     media_id BIGINT NOT NULL REFERENCES media.media (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
   );
   CREATE INDEX media_files_of_media ON media.media_files (media_id);
   CREATE INDEX media_of_user ON media.media (user_id, id DESC) WHERE deleted_at_ms IS NULL;
   CREATE INDEX media_of_content ON media.media (user_id, sha256) WHERE deleted_at_ms IS NULL;
   CREATE TABLE media.renditions (
     media_id    BIGINT  NOT NULL REFERENCES media.media (id) ON DELETE CASCADE,
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
   CREATE TABLE media.media_objects (
     key      TEXT   NOT NULL,
     media_id BIGINT NOT NULL REFERENCES media.media (id) ON DELETE CASCADE,
     PRIMARY KEY (key, media_id)
   );
   CREATE INDEX media_objects_of_media ON media.media_objects (media_id);
   CREATE TABLE media.transcode_tasks (
     id            BIGINT  NOT NULL,
     media_id      BIGINT  NOT NULL REFERENCES media.media (id) ON DELETE CASCADE,
     status        TEXT    NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
     progress      INTEGER NOT NULL DEFAULT 0 CHECK ((progress >= 0) AND (progress <= 100)),
     step          TEXT    NOT NULL DEFAULT '',
     error         TEXT,
     created_at_ms BIGINT  NOT NULL,
     user_id       BIGINT  NOT NULL,
     ends_at_ms    BIGINT,
     PRIMARY KEY (media_id, id)
   );
   CREATE INDEX transcode_tasks_by_id ON media.transcode_tasks (id);
   CREATE UNIQUE INDEX transcode_tasks_once ON media.transcode_tasks (media_id)
     WHERE status IN ('queued', 'running');
   CREATE INDEX transcode_tasks_of_user ON media.transcode_tasks (user_id, id DESC);
   CREATE TABLE media.extras (
     media_id   BIGINT NOT NULL REFERENCES media.media (id) ON DELETE CASCADE,
     name       TEXT   NOT NULL,
     mime       TEXT   NOT NULL,
     key        TEXT   NOT NULL,
     size_bytes BIGINT NOT NULL,
     PRIMARY KEY (media_id, name)
   );
   CREATE TABLE media.captions (
     id            BIGINT  NOT NULL,
     media_id      BIGINT  NOT NULL REFERENCES media.media (id) ON DELETE CASCADE,
     language      TEXT    NOT NULL,
     label         TEXT    NOT NULL,
     cues          INTEGER NOT NULL,
     key           TEXT    NOT NULL,
     size_bytes    BIGINT  NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     source        TEXT    NOT NULL DEFAULT 'upload' CHECK (source IN ('upload', 'file')),
     PRIMARY KEY (media_id, id),
     UNIQUE (media_id, language)
   );
   CREATE TABLE media.other_audio_tracks (
     media_id   BIGINT  NOT NULL REFERENCES media.media (id) ON DELETE CASCADE,
     number     INTEGER NOT NULL CHECK ((number >= 2) AND (number <= 8)),
     language   TEXT,
     label      TEXT    NOT NULL,
     key        TEXT    NOT NULL,
     size_bytes BIGINT  NOT NULL,
     index_key  TEXT    NOT NULL,
     PRIMARY KEY (media_id, number)
   );
   -- What administrators switched off; every other format is on.
   CREATE TABLE media.disabled_formats (
     kind     TEXT   NOT NULL,
     name     TEXT   NOT NULL,
     since_ms BIGINT NOT NULL,
     PRIMARY KEY (kind, name)
   )`,
  // Renditions that others replaced play on for players that have begun with them.
  "ALTER TABLE media.renditions ADD COLUMN dropped_at_ms BIGINT",
  // Repairs that run once, and how far they are.
  `CREATE TABLE media.repairs (
     name     TEXT    PRIMARY KEY,
     after_id BIGINT  NOT NULL,
     is_done  BOOLEAN NOT NULL
   )`,
  // Chapters inside a file, as JSON.
  "ALTER TABLE media.media ADD COLUMN chapters TEXT",
  // The code that stood for every failure of the tools; the reasons are known for later failures only.
  `UPDATE media.media SET error = 'media.decoder_failed', message = 'the decoder ended with an error before the end of the file'
   WHERE error = 'media.failed'`,
  // Codes of the parts of the file that do not play, with blanks between them.
  "ALTER TABLE media.media ADD COLUMN notices TEXT NOT NULL DEFAULT ''",
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  media: "id",
  media_files: "file_id",
  renditions: "media_id",
  media_objects: "media_id",
  transcode_tasks: "media_id",
  extras: "media_id",
  captions: "media_id",
  other_audio_tracks: "media_id",
} as const;
