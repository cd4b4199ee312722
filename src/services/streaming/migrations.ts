/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE streaming.viewings (
     content_id    BIGINT NOT NULL,
     viewer        TEXT   NOT NULL,
     id            BIGINT NOT NULL,
     started_at_ms BIGINT NOT NULL,
     seen_at_ms    BIGINT NOT NULL,
     PRIMARY KEY (content_id, viewer)
   );
   CREATE INDEX viewings_by_time ON streaming.viewings (seen_at_ms)`,
];
