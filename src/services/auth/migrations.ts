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
];
