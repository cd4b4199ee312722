import { watchedTable } from "#kernel/db/watched";

/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE credentials (
     user_id       BIGINT  PRIMARY KEY,
     username      TEXT    NOT NULL,
     name_key      TEXT    NOT NULL UNIQUE,
     email         TEXT,
     email_key     TEXT    UNIQUE,
     phone         TEXT,
     nickname      TEXT,
     password_hash TEXT    NOT NULL,
     role          TEXT    NOT NULL CHECK (role IN ('user', 'moderator', 'admin')),
     is_demo       BOOLEAN NOT NULL DEFAULT false,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX credentials_demo ON credentials (user_id) WHERE is_demo;
   CREATE INDEX credentials_admin ON credentials (user_id) WHERE role = 'admin';
   CREATE TABLE sessions (
     id            TEXT    PRIMARY KEY,
     user_id       BIGINT  NOT NULL REFERENCES credentials (user_id) ON DELETE CASCADE,
     refresh_hash  TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     used_at_ms    BIGINT  NOT NULL,
     expires_at_ms BIGINT  NOT NULL,
     ended_at_ms   BIGINT
   );
   CREATE INDEX sessions_by_user ON sessions (user_id);
   CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);
   CREATE TABLE instance (
     id                BOOLEAN PRIMARY KEY DEFAULT true CHECK (id),
     claimed_at_ms     BIGINT,
     demo_wanted_at_ms BIGINT
   );
   INSERT INTO instance DEFAULT VALUES`,
  // Sessions of the compatible APIs: held by one token, never refreshed.
  `ALTER TABLE sessions
     ADD COLUMN origin     TEXT NOT NULL DEFAULT 'native'
       CHECK (origin IN ('native', 'resumable', 'cloudfiles', 'douyin')),
     ADD COLUMN token_hash TEXT,
     ALTER COLUMN refresh_hash DROP NOT NULL,
     ADD CONSTRAINT sessions_held CHECK (
       (origin = 'native') = (refresh_hash IS NOT NULL) AND (origin IN ('cloudfiles', 'douyin')) = (token_hash IS NOT NULL)
     )`,
  `ALTER TABLE credentials
     ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'pending', 'suspended', 'banned')),
     ADD COLUMN state_until_ms BIGINT,
     ADD COLUMN state_reason   TEXT NOT NULL DEFAULT '',
     ADD COLUMN application    TEXT NOT NULL DEFAULT '';
   CREATE INDEX credentials_pending ON credentials (user_id) WHERE state = 'pending';
   ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
   ALTER TABLE instance ADD COLUMN registration TEXT CHECK (registration IN ('open', 'approval', 'closed'));
   CREATE TABLE resets (
     token_hash    TEXT   PRIMARY KEY,
     user_id       BIGINT NOT NULL REFERENCES credentials (user_id) ON DELETE CASCADE,
     expires_at_ms BIGINT NOT NULL
   );
   CREATE INDEX resets_of_user ON resets (user_id);
   CREATE TABLE deletions (
     user_id       BIGINT PRIMARY KEY,
     begun_at_ms   BIGINT NOT NULL,
     ended_at_ms   BIGINT
   );
   CREATE TABLE deletion_receipts (
     user_id BIGINT NOT NULL REFERENCES deletions (user_id) ON DELETE CASCADE,
     service TEXT   NOT NULL,
     at_ms   BIGINT NOT NULL,
     PRIMARY KEY (user_id, service)
   )`,
  watchedTable,
  // One row: a new day's salt overwrites the one before it.
  `CREATE TABLE source_salt (
     id   BOOLEAN PRIMARY KEY DEFAULT true CHECK (id),
     day  INTEGER NOT NULL,
     salt TEXT    NOT NULL
   )`,
];
