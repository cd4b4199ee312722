/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE instance.settings (
     id           BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     name         TEXT,
     description  TEXT NOT NULL DEFAULT '',
     rules        TEXT NOT NULL DEFAULT '',
     contact      TEXT NOT NULL DEFAULT '',
     accent       TEXT,
     languages    TEXT[],
     start_page   TEXT NOT NULL DEFAULT 'auto' CHECK (start_page IN ('auto', 'feed', 'explore')),
     icon_version TEXT
   );
   CREATE TABLE instance.icons (
     name  TEXT  PRIMARY KEY,
     bytes BYTEA NOT NULL
   );
   CREATE TABLE instance.changes (
     id            BIGINT PRIMARY KEY,
     actor_id      BIGINT NOT NULL,
     fields        TEXT[] NOT NULL,
     created_at_ms BIGINT NOT NULL
   )`,
  // One row: of the last backup.
  `CREATE TABLE instance.backups (
     id             BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     at_ms          BIGINT NOT NULL,
     verified_at_ms BIGINT
   )`,
];
