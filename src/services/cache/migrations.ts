/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  // Revisions are milliseconds of the database's clock, or follow each other: they grow, also after a restore.
  `CREATE TABLE cache.state (
     id                 BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     revision           BIGINT  NOT NULL,
     generation         BIGINT  NOT NULL DEFAULT 0,
     forgotten_revision BIGINT  NOT NULL DEFAULT 0
   );
   CREATE TABLE cache.settings (
     name       TEXT   PRIMARY KEY,
     ttl_ms     DOUBLE PRECISION,
     stale_ms   DOUBLE PRECISION,
     generation BIGINT NOT NULL DEFAULT 0
   );
   CREATE TABLE cache.deletions (
     revision BIGINT PRIMARY KEY,
     keys     TEXT[] NOT NULL,
     tags     TEXT[] NOT NULL
   );
   CREATE TABLE cache.warmings (
     job_id BIGINT PRIMARY KEY,
     name   TEXT   NOT NULL,
     keys   TEXT[] NOT NULL,
     counts JSONB  NOT NULL DEFAULT '{}'
   )`,
];
