/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE monitor.processes (
     id                TEXT    PRIMARY KEY,
     host              TEXT    NOT NULL,
     version           TEXT    NOT NULL,
     services          TEXT[]  NOT NULL,
     started_at_ms     BIGINT  NOT NULL,
     state             TEXT    NOT NULL CHECK (state IN ('starting', 'ready', 'draining')),
     cpu               DOUBLE PRECISION NOT NULL,
     memory_bytes      BIGINT  NOT NULL,
     connections       INTEGER NOT NULL,
     event_loop_lag_ms DOUBLE PRECISION NOT NULL,
     components        JSONB   NOT NULL,
     reported_at_ms    BIGINT  NOT NULL
   );
   CREATE TABLE monitor.status (
     id              BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     status          TEXT    NOT NULL CHECK (status IN ('ok', 'degraded', 'down')),
     since_ms        BIGINT  NOT NULL,
     last_rolled_up  BIGINT  NOT NULL DEFAULT 0
   );
   CREATE TABLE monitor.minutes (
     hour     BIGINT  NOT NULL,
     name     TEXT    NOT NULL,
     labels   TEXT    NOT NULL,
     process  TEXT    NOT NULL,
     is_gauge BOOLEAN NOT NULL,
     points   DOUBLE PRECISION[] NOT NULL,
     PRIMARY KEY (name, hour, labels, process)
   );
   CREATE INDEX minutes_old ON monitor.minutes (hour);
   CREATE TABLE monitor.hours (
     day     BIGINT NOT NULL,
     name    TEXT   NOT NULL,
     labels  TEXT   NOT NULL,
     process TEXT   NOT NULL,
     points  DOUBLE PRECISION[] NOT NULL,
     PRIMARY KEY (name, day, labels, process)
   );
   CREATE INDEX hours_old ON monitor.hours (day)`,
  `ALTER TABLE monitor.processes ADD COLUMN is_present BOOLEAN NOT NULL DEFAULT true;
   CREATE TABLE monitor.changes (
     id       BIGINT PRIMARY KEY,
     at_ms    BIGINT NOT NULL,
     change   TEXT   NOT NULL CHECK (change IN ('registered', 'stopped', 'away', 'replaced')),
     process  TEXT   NOT NULL,
     host     TEXT   NOT NULL,
     version  TEXT   NOT NULL,
     services TEXT[] NOT NULL
   )`,
];
