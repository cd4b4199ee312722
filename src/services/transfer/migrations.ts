/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE transfer.transfers (
     id                BIGINT  PRIMARY KEY,
     kind              TEXT    NOT NULL CHECK (kind IN ('move', 'copy', 'verify', 'repair')),
     from_store        TEXT,
     to_store          TEXT,
     space             TEXT,
     user_id           BIGINT,
     older_than_ms     BIGINT,
     larger_than_bytes BIGINT,
     bytes_per_second  BIGINT,
     day               INTEGER,
     status            TEXT    NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
     is_planned        BOOLEAN NOT NULL DEFAULT false,
     objects_total     BIGINT  NOT NULL DEFAULT 0,
     bytes_total       BIGINT  NOT NULL DEFAULT 0,
     objects_done      BIGINT  NOT NULL DEFAULT 0,
     bytes_done        BIGINT  NOT NULL DEFAULT 0,
     objects_copied    BIGINT  NOT NULL DEFAULT 0,
     objects_failed    BIGINT  NOT NULL DEFAULT 0,
     objects_skipped   BIGINT  NOT NULL DEFAULT 0,
     objects_repaired  BIGINT  NOT NULL DEFAULT 0,
     bytes_under_way   BIGINT  NOT NULL DEFAULT 0,
     reason            TEXT,
     requested_by      BIGINT,
     created_at_ms     BIGINT  NOT NULL,
     started_at_ms     BIGINT,
     ended_at_ms       BIGINT,
     scrub_no          INTEGER
   );
   CREATE INDEX transfers_by_age ON transfer.transfers (created_at_ms, id);
   CREATE UNIQUE INDEX transfers_of_day ON transfer.transfers (to_store, COALESCE(from_store, ''), day)
     WHERE day IS NOT NULL;
   CREATE UNIQUE INDEX transfers_of_scrub ON transfer.transfers (from_store, scrub_no)
     WHERE scrub_no IS NOT NULL;
   CREATE TABLE transfer.transfer_objects (
     transfer_id   BIGINT  NOT NULL REFERENCES transfer.transfers (id) ON DELETE CASCADE,
     key           TEXT    NOT NULL,
     size_bytes    BIGINT  NOT NULL,
     state         TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'copied', 'failed')),
     written_at_ms BIGINT,
     attempts      INTEGER NOT NULL DEFAULT 0,
     due_ms        BIGINT  NOT NULL DEFAULT 0,
     reason        TEXT,
     PRIMARY KEY (transfer_id, key)
   );
   CREATE INDEX transfer_objects_due ON transfer.transfer_objects (transfer_id, due_ms, key)
     WHERE state <> 'failed';
   CREATE INDEX transfer_objects_failed ON transfer.transfer_objects (transfer_id, key) WHERE state = 'failed'`,
  `DROP INDEX transfer.transfers_of_day;
   CREATE UNIQUE INDEX transfers_of_day ON transfer.transfers (kind, COALESCE(to_store, ''), COALESCE(from_store, ''), day)
     WHERE day IS NOT NULL`,
  `CREATE TABLE transfer.space_releases (
     id            BIGINT PRIMARY KEY,
     status        TEXT   NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
     objects       BIGINT NOT NULL DEFAULT 0,
     bytes         BIGINT NOT NULL DEFAULT 0,
     reason        TEXT,
     created_at_ms BIGINT NOT NULL,
     ended_at_ms   BIGINT
   );
   CREATE UNIQUE INDEX space_releases_running ON transfer.space_releases (status) WHERE status = 'running'`,
];
