import type { Generated } from "kysely";

/** What the kernel keeps in every service's database, beside the service's own tables. */
export interface KernelTables {
  outbox: {
    seq: Generated<number>;
    event_id: string;
    type: string;
    key: number;
    payload: string;
    trace_id: string;
    created_at_ms: number;
    attempts: Generated<number>;
    due_ms: Generated<number>;
    last_error: Generated<string | null>;
  };
  inbox: { event_id: string; heard_at_ms: Generated<number> };
  dead_events: {
    event_id: string;
    type: string;
    key: number;
    payload: string;
    /** Null for those of older versions. */
    trace_id: string | null;
    attempts: number;
    last_error: string;
    died_at_ms: number;
  };
  idempotency: {
    user_id: number;
    method: string;
    key: string;
    body_hash: string;
    answer: string | null;
    created_at_ms: Generated<number>;
  };
  jobs: JobRow;
  marks: { name: string; value: number };
}

export interface JobRow {
  id: number;
  kind: string;
  /** At most one unfinished job of a kind has this key. */
  unique_key: string | null;
  payload: string;
  state: "queued" | "running" | "done" | "dead" | "cancelled";
  priority: number;
  attempt: Generated<number>;
  attempts_max: number;
  /** Grows with every claim; a result with an old one is refused (reliability D4). */
  fence: Generated<number>;
  lease_owner: string | null;
  due_ms: number;
  lease_until_ms: Generated<number>;
  /** 0–100. */
  progress: Generated<number>;
  last_error: string | null;
  trace_id: string;
  created_at_ms: number;
  ended_at_ms: number | null;
  /** Whom it is done for; null where it is for nobody in particular. */
  owner_id: number | null;
  /** When it was last claimed; 0 before that. */
  claimed_at_ms: Generated<number>;
  /** Of its tries those whose worker went silent; they are not counted as `attempt`. */
  lost: Generated<number>;
}

/** Append only. `now_ms()` is the database's clock: leases and back-off never follow a process's wall clock (reliability D7). */
export const kernelMigrations = [
  `CREATE FUNCTION now_ms() RETURNS BIGINT LANGUAGE sql VOLATILE AS
     $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;
   CREATE TABLE outbox (
     seq           BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     event_id      TEXT    NOT NULL,
     type          TEXT    NOT NULL,
     key           BIGINT  NOT NULL,
     payload       TEXT    NOT NULL CHECK (length(payload) <= 65536),
     trace_id      TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     attempts      INTEGER NOT NULL DEFAULT 0,
     due_ms        BIGINT  NOT NULL DEFAULT 0,
     last_error    TEXT
   );
   CREATE TABLE inbox (
     event_id    TEXT   PRIMARY KEY,
     heard_at_ms BIGINT NOT NULL DEFAULT now_ms()
   );
   CREATE INDEX inbox_by_age ON inbox (heard_at_ms);
   CREATE TABLE dead_events (
     event_id   TEXT    PRIMARY KEY,
     type       TEXT    NOT NULL,
     key        BIGINT  NOT NULL,
     payload    TEXT    NOT NULL,
     attempts   INTEGER NOT NULL,
     last_error TEXT    NOT NULL,
     died_at_ms BIGINT  NOT NULL
   );
   CREATE TABLE idempotency (
     user_id       BIGINT NOT NULL,
     method        TEXT   NOT NULL,
     key           TEXT   NOT NULL,
     body_hash     TEXT   NOT NULL,
     answer        TEXT,
     created_at_ms BIGINT NOT NULL DEFAULT now_ms(),
     PRIMARY KEY (user_id, method, key)
   );
   CREATE INDEX idempotency_by_age ON idempotency (created_at_ms);
   CREATE TABLE jobs (
     id             BIGINT   PRIMARY KEY,
     kind           TEXT     NOT NULL,
     unique_key     TEXT,
     payload        TEXT     NOT NULL,
     state          TEXT     NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
     priority       INTEGER  NOT NULL DEFAULT 0,
     attempt        INTEGER  NOT NULL DEFAULT 0,
     attempts_max   INTEGER  NOT NULL,
     fence          BIGINT   NOT NULL DEFAULT 0,
     lease_owner    TEXT,
     lease_until_ms BIGINT   NOT NULL DEFAULT 0,
     due_ms         BIGINT   NOT NULL,
     progress       INTEGER  NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
     last_error     TEXT,
     trace_id       TEXT     NOT NULL,
     created_at_ms  BIGINT   NOT NULL,
     ended_at_ms    BIGINT
   );
   CREATE UNIQUE INDEX jobs_once ON jobs (kind, unique_key) WHERE state IN ('queued', 'running');
   CREATE INDEX jobs_due ON jobs (kind, priority DESC, due_ms, id) WHERE state = 'queued';
   CREATE INDEX jobs_leased ON jobs (lease_until_ms) WHERE state = 'running';
   CREATE INDEX jobs_ended ON jobs (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
   CREATE TABLE marks (
     name  TEXT   PRIMARY KEY,
     value BIGINT NOT NULL
   )`,
  `ALTER TABLE jobs ADD COLUMN owner_id BIGINT, ADD COLUMN claimed_at_ms BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX jobs_of_owner ON jobs (owner_id, kind, claimed_at_ms DESC);
   CREATE INDEX jobs_running ON jobs (owner_id) WHERE state = 'running';
   CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead'`,
  `CREATE INDEX jobs_turns ON jobs (kind, coalesce(owner_id, 0), priority, due_ms, id) WHERE state = 'queued';
   DROP INDEX jobs_due`,
  `ALTER TABLE dead_events ADD COLUMN trace_id TEXT;
   CREATE INDEX dead_events_latest ON dead_events (died_at_ms DESC, event_id COLLATE "C" DESC)`,
];
