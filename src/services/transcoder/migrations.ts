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
];
