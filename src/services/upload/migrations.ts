/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE upload.spaces (
     user_id   BIGINT  PRIMARY KEY,
     is_closed BOOLEAN NOT NULL DEFAULT false
   );
   CREATE TABLE upload.files (
     id            BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     key           TEXT   NOT NULL,
     sha256        TEXT   NOT NULL,
     size_bytes    BIGINT NOT NULL CHECK (size_bytes >= 0),
     name          TEXT   NOT NULL,
     mime          TEXT   NOT NULL,
     kind          TEXT   NOT NULL CHECK (kind IN ('video', 'audio', 'image', 'other')),
     created_at_ms BIGINT NOT NULL,
     deleted_at_ms BIGINT,
     purpose       TEXT   NOT NULL DEFAULT 'media' CHECK (purpose IN ('media', 'drive')),
     folder_id     BIGINT,
     conflict      TEXT   NOT NULL DEFAULT 'rename' CHECK (conflict IN ('rename', 'replace', 'skip')),
     PRIMARY KEY (user_id, id)
   );
   CREATE INDEX files_by_id ON upload.files (id);
   CREATE INDEX files_of_user ON upload.files (user_id) INCLUDE (size_bytes) WHERE deleted_at_ms IS NULL;
   CREATE INDEX files_by_key ON upload.files (key);
   CREATE TABLE upload.upload_sessions (
     id             BIGINT                   PRIMARY KEY,
     user_id        BIGINT                   NOT NULL,
     name           TEXT                     NOT NULL,
     state          TEXT                     NOT NULL CHECK (state IN ('open', 'released', 'completed', 'cancelled', 'expired')),
     reserved_bytes BIGINT                   NOT NULL CHECK (reserved_bytes >= 0),
     file_id        BIGINT,
     created_at_ms  BIGINT                   NOT NULL,
     endpoint       TEXT                     NOT NULL DEFAULT 'form',
     size_bytes     BIGINT,
     received_bytes BIGINT                   NOT NULL DEFAULT 0,
     chunk_bytes    BIGINT,
     hash_kind      TEXT,
     hash           TEXT,
     purpose        TEXT                     NOT NULL DEFAULT 'media',
     folder_id      BIGINT,
     conflict       TEXT                     NOT NULL DEFAULT 'rename',
     metadata       TEXT,
     is_partial     BOOLEAN                  NOT NULL DEFAULT false,
     expires_at_ms  BIGINT                   NOT NULL DEFAULT 0,
     fence          BIGINT                   NOT NULL DEFAULT 0,
     writer         TEXT,
     writer_until   TIMESTAMP WITH TIME ZONE,
     is_wanted      BOOLEAN                  NOT NULL DEFAULT false
   );
   CREATE INDEX upload_sessions_open ON upload.upload_sessions (user_id) INCLUDE (reserved_bytes)
     WHERE state = 'open';
   CREATE INDEX upload_sessions_by_expiry ON upload.upload_sessions (expires_at_ms);
   CREATE INDEX upload_sessions_by_hash ON upload.upload_sessions (user_id, hash) WHERE hash IS NOT NULL;
   CREATE INDEX upload_sessions_unfinished ON upload.upload_sessions (user_id, created_at_ms, id)
     WHERE (state = 'open') AND (endpoint <> 'form');
   CREATE TABLE upload.contents (
     key           TEXT   PRIMARY KEY,
     size_bytes    BIGINT NOT NULL,
     md5           TEXT,
     sha1          TEXT,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX contents_by_md5 ON upload.contents (md5) WHERE md5 IS NOT NULL;
   CREATE INDEX contents_by_sha1 ON upload.contents (sha1) WHERE sha1 IS NOT NULL;
   CREATE TABLE upload.upload_pieces (
     session_id BIGINT  NOT NULL REFERENCES upload.upload_sessions (id) ON DELETE CASCADE,
     position   INTEGER NOT NULL,
     name       TEXT    NOT NULL,
     size_bytes BIGINT  NOT NULL,
     sha256     TEXT,
     PRIMARY KEY (session_id, "position")
   );
   CREATE INDEX upload_pieces_by_name ON upload.upload_pieces (name);
   CREATE TABLE upload.upload_challenges (
     session_id    BIGINT   PRIMARY KEY REFERENCES upload.upload_sessions (id) ON DELETE CASCADE,
     nonce         TEXT     NOT NULL,
     offsets       BIGINT[] NOT NULL,
     length        BIGINT   NOT NULL,
     expires_at_ms BIGINT   NOT NULL
   );
   CREATE TABLE upload.imports (
     id             BIGINT PRIMARY KEY,
     user_id        BIGINT NOT NULL,
     url            TEXT   NOT NULL,
     given_name     TEXT,
     session_id     BIGINT NOT NULL,
     status         TEXT   NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
     etag           TEXT,
     error_code     TEXT,
     error_message  TEXT,
     received_bytes BIGINT NOT NULL DEFAULT 0,
     size_bytes     BIGINT,
     file_id        BIGINT,
     created_at_ms  BIGINT NOT NULL,
     ended_at_ms    BIGINT
   );
   CREATE INDEX imports_of_user ON upload.imports (user_id, created_at_ms, id);
   CREATE INDEX imports_under_way ON upload.imports (user_id) WHERE status IN ('queued', 'running');
   CREATE INDEX imports_ended ON upload.imports (ended_at_ms) WHERE ended_at_ms IS NOT NULL`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  files: "user_id",
  contents: "key",
} as const;
