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
  `ALTER TABLE files
     DROP CONSTRAINT files_size_bytes_check,
     ADD CONSTRAINT files_size CHECK (size_bytes >= 0),
     ADD COLUMN purpose   TEXT NOT NULL DEFAULT 'media' CHECK (purpose IN ('media', 'drive')),
     ADD COLUMN folder_id BIGINT,
     ADD COLUMN conflict  TEXT NOT NULL DEFAULT 'rename' CHECK (conflict IN ('rename', 'replace', 'skip'));
   CREATE TABLE contents (
     key           TEXT   PRIMARY KEY,
     size_bytes    BIGINT NOT NULL,
     md5           TEXT,
     sha1          TEXT,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX contents_by_md5 ON contents (md5) WHERE md5 IS NOT NULL;
   CREATE INDEX contents_by_sha1 ON contents (sha1) WHERE sha1 IS NOT NULL;
   INSERT INTO contents (key, size_bytes, created_at_ms)
     SELECT key, max(size_bytes), min(created_at_ms) FROM files GROUP BY key;
   ALTER TABLE upload_sessions
     DROP CONSTRAINT upload_sessions_state_check,
     ADD CONSTRAINT upload_sessions_state
       CHECK (state IN ('open', 'released', 'completed', 'cancelled', 'expired')),
     ADD COLUMN door          TEXT    NOT NULL DEFAULT 'form',
     ADD COLUMN size_bytes    BIGINT,
     ADD COLUMN received_bytes BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN chunk_bytes   BIGINT,
     ADD COLUMN hash_kind     TEXT,
     ADD COLUMN hash          TEXT,
     ADD COLUMN purpose       TEXT    NOT NULL DEFAULT 'media',
     ADD COLUMN folder_id     BIGINT,
     ADD COLUMN conflict      TEXT    NOT NULL DEFAULT 'rename',
     ADD COLUMN metadata      TEXT,
     ADD COLUMN is_partial    BOOLEAN NOT NULL DEFAULT false,
     ADD COLUMN expires_at_ms BIGINT  NOT NULL DEFAULT 0,
     ADD COLUMN fence         BIGINT  NOT NULL DEFAULT 0,
     ADD COLUMN writer        TEXT,
     ADD COLUMN writer_until  TIMESTAMPTZ,
     ADD COLUMN is_wanted     BOOLEAN NOT NULL DEFAULT false;
   UPDATE upload_sessions SET expires_at_ms = created_at_ms + 86400000;
   DROP INDEX upload_sessions_by_age;
   CREATE INDEX upload_sessions_by_expiry ON upload_sessions (expires_at_ms);
   CREATE INDEX upload_sessions_by_hash ON upload_sessions (user_id, hash) WHERE hash IS NOT NULL;
   CREATE INDEX upload_sessions_unfinished ON upload_sessions (user_id, created_at_ms, id)
     WHERE state = 'open' AND door <> 'form';
   CREATE TABLE upload_pieces (
     session_id BIGINT  NOT NULL REFERENCES upload_sessions (id) ON DELETE CASCADE,
     position   INTEGER NOT NULL,
     name       TEXT    NOT NULL,
     size_bytes BIGINT  NOT NULL,
     sha256     TEXT,
     PRIMARY KEY (session_id, position)
   );
   CREATE INDEX upload_pieces_by_name ON upload_pieces (name);
   CREATE TABLE upload_challenges (
     session_id    BIGINT PRIMARY KEY REFERENCES upload_sessions (id) ON DELETE CASCADE,
     nonce         TEXT   NOT NULL,
     offsets       BIGINT[] NOT NULL,
     length        BIGINT NOT NULL,
     expires_at_ms BIGINT NOT NULL
   )`,
  `CREATE TABLE imports (
     id            BIGINT PRIMARY KEY,
     user_id       BIGINT NOT NULL,
     url           TEXT   NOT NULL,
     given_name    TEXT,
     session_id    BIGINT NOT NULL,
     status        TEXT   NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
     etag          TEXT,
     error_code    TEXT,
     error_message TEXT,
     received_bytes BIGINT NOT NULL DEFAULT 0,
     size_bytes    BIGINT,
     file_id       BIGINT,
     created_at_ms BIGINT NOT NULL,
     ended_at_ms   BIGINT
   );
   CREATE INDEX imports_of_user ON imports (user_id, created_at_ms, id);
   CREATE INDEX imports_under_way ON imports (user_id) WHERE status IN ('queued', 'running');
   CREATE INDEX imports_ended ON imports (ended_at_ms) WHERE ended_at_ms IS NOT NULL`,
];
