/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE spaces (
     user_id   BIGINT  PRIMARY KEY,
     is_closed BOOLEAN NOT NULL DEFAULT false
   );
   CREATE TABLE files (
     id            BIGINT PRIMARY KEY,
     user_id       BIGINT NOT NULL,
     key           TEXT   NOT NULL,
     sha256        TEXT   NOT NULL,
     size_bytes    BIGINT NOT NULL CHECK (size_bytes > 0),
     name          TEXT   NOT NULL,
     mime          TEXT   NOT NULL,
     kind          TEXT   NOT NULL CHECK (kind IN ('video', 'audio', 'image', 'other')),
     created_at_ms BIGINT NOT NULL,
     deleted_at_ms BIGINT
   );
   CREATE INDEX files_of_user ON files (user_id) INCLUDE (size_bytes) WHERE deleted_at_ms IS NULL;
   CREATE INDEX files_by_key ON files (key);
   CREATE TABLE upload_sessions (
     id             BIGINT PRIMARY KEY,
     user_id        BIGINT NOT NULL,
     name           TEXT   NOT NULL,
     state          TEXT   NOT NULL CHECK (state IN ('open', 'released', 'completed')),
     reserved_bytes BIGINT NOT NULL CHECK (reserved_bytes >= 0),
     file_id        BIGINT,
     created_at_ms  BIGINT NOT NULL
   );
   CREATE INDEX upload_sessions_open ON upload_sessions (user_id) INCLUDE (reserved_bytes) WHERE state = 'open';
   CREATE INDEX upload_sessions_by_age ON upload_sessions (created_at_ms)`,
];
