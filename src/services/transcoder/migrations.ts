/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE children (
     host             TEXT   NOT NULL,
     pid              INTEGER NOT NULL,
     start_time       BIGINT NOT NULL,
     owner_pid        INTEGER NOT NULL,
     owner_start_time BIGINT NOT NULL,
     PRIMARY KEY (host, pid, start_time)
   )`,
  // The job that made one further rendition makes all of them.
  `UPDATE jobs SET kind = 'ladder' WHERE kind = 'further'`,
];
