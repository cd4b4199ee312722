/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE transcoder.children (
     host             TEXT    NOT NULL,
     pid              INTEGER NOT NULL,
     start_time       BIGINT  NOT NULL,
     owner_pid        INTEGER NOT NULL,
     owner_start_time BIGINT  NOT NULL,
     PRIMARY KEY (host, pid, start_time)
   )`,
  `CREATE TABLE transcoder.registrations (
     id            BIGINT  PRIMARY KEY,
     label         TEXT    NOT NULL,
     token_hash    TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     used_at_ms    BIGINT,
     runners       INTEGER NOT NULL DEFAULT 0
   );
   CREATE TABLE transcoder.runners (
     id            BIGINT  PRIMARY KEY,
     name          TEXT    NOT NULL,
     description   TEXT    NOT NULL,
     token_hash    TEXT    NOT NULL,
     is_enabled    BOOLEAN NOT NULL DEFAULT TRUE,
     version       TEXT    NOT NULL,
     address       TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     seen_at_ms    BIGINT  NOT NULL,
     jobs_done     BIGINT  NOT NULL DEFAULT 0,
     jobs_failed   BIGINT  NOT NULL DEFAULT 0
   );
   CREATE TABLE transcoder.lent_jobs (
     job_id           BIGINT  PRIMARY KEY,
     fence            BIGINT  NOT NULL,
     runner_id        BIGINT  NOT NULL,
     kind             TEXT    NOT NULL,
     media_id         BIGINT  NOT NULL,
     input_keys       TEXT[]  NOT NULL,
     output_keys      TEXT[]  NOT NULL DEFAULT '{}',
     output_bytes     BIGINT  NOT NULL DEFAULT 0,
     output_bytes_max BIGINT  NOT NULL,
     reports          INTEGER NOT NULL DEFAULT 0,
     progress         INTEGER NOT NULL DEFAULT 0,
     started_at_ms    BIGINT  NOT NULL,
     renewed_at_ms    BIGINT  NOT NULL
   )`,
];
