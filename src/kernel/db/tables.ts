import { type Generated, sql } from "kysely";
import type { MigrationStep } from "./upgrade/steps.ts";

/** The kernel's tables in every service's schema, beside the service's own. */
export interface KernelTables {
  outbox: {
    seq: Generated<number>;
    event_id: string;
    type: string;
    key: number;
    payload: string;
    trace_id: string;
    created_at_ms: number;
    /** In the publisher's log; given after the commit, by one process at a time. */
    position: Generated<number | null>;
  };
  /** How far each route has come in the log, where some have come further than others. */
  cursors: { route: string; position: number };
  inbox: { event_id: string; received_at_ms: Generated<number> };
  /** Received events that are not applied yet. */
  pending_events: {
    seq: Generated<number>;
    event_id: string;
    type: string;
    source: string;
    key: number;
    payload: string;
    trace_id: string;
    attempts: Generated<number>;
    due_ms: Generated<number>;
    last_error: Generated<string | null>;
  };
  dead_letters: {
    event_id: string;
    type: string;
    source: string;
    key: number;
    payload: string;
    trace_id: string;
    attempts: number;
    last_error: string;
    died_at_ms: number;
  };
  idempotency: {
    user_id: number;
    method: string;
    key: string;
    body_hash: string;
    answer: Generated<string | null>;
    created_at_ms: Generated<number>;
    /** Grows with every claim; the answer of an older claim is refused, with its transaction. */
    fence: number;
    /** Null once it is answered. */
    lease_owner: string | null;
    lease_until_ms: number;
  };
  jobs: JobRow;
  locks: { name: string; owner: string; fence: number; lease_until_ms: number };
  marks: { name: string; value: number };
  /** Numbers that keep the ids of processes apart. */
  nodes: { number: number; holder: string | null; fence: number; lease_until_ms: number; tick: number };
  /** Values of the service's keys, sealed with the cluster secret. */
  keys: { name: string; starts_at_ms: number; sealed: string };
  migrations: { part: string; step: number };
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
  /** The user it is done for; null where it is for no particular one. */
  owner_id: number | null;
  /** When it was last claimed; 0 before that. */
  claimed_at_ms: Generated<number>;
  /** Tries whose worker went silent; they are not counted as `attempt`. */
  lost: Generated<number>;
}

/** The database's clock, in milliseconds: leases and back-off never follow a process's wall clock (reliability D7). */
export const clockMs = sql<number>`(extract(epoch FROM clock_timestamp()) * 1000)::bigint`;
/** The same as SQL text, for migrations. */
export const clockMsText = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/**
 * The kernel's tables in raw SQL. A {@link Db} writes these names with the schema of its service in front, and so it does
 * where they stand in a query of Kysely.
 */
export const kernel = {
  outbox: sql.table("outbox"),
  cursors: sql.table("cursors"),
  inbox: sql.table("inbox"),
  pendingEvents: sql.table("pending_events"),
  deadLetters: sql.table("dead_letters"),
  idempotency: sql.table("idempotency"),
  jobs: sql.table("jobs"),
  locks: sql.table("locks"),
  marks: sql.table("marks"),
  nodes: sql.table("nodes"),
  keys: sql.table("keys"),
} as const;

/** Tables that every schema has. */
export const coreTables = [
  "outbox",
  "cursors",
  "inbox",
  "pending_events",
  "dead_letters",
  "idempotency",
  "jobs",
  "locks",
  "marks",
  "nodes",
  "keys",
  "migrations",
];
/** Stands for the schema of the service in SQL that several services share: `own.muted`. */
export const ownSchema = "own";

/** The schema of a service, as an identifier: `user` is a word of SQL. */
export const schemaOf = (service: string): string => `"${service}"`;

/** Append only from the first release on. */
export const kernelMigrations = (service: string): readonly MigrationStep[] => {
  const schema = schemaOf(service);
  return [
    `CREATE TABLE ${schema}.outbox (
       seq           BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       event_id      TEXT    NOT NULL,
       type          TEXT    NOT NULL,
       key           BIGINT  NOT NULL,
       payload       TEXT    NOT NULL CHECK (length(payload) <= 65536),
       trace_id      TEXT    NOT NULL,
       created_at_ms BIGINT  NOT NULL,
       position      BIGINT
     );
     CREATE UNIQUE INDEX outbox_log ON ${schema}.outbox (position);
     CREATE INDEX outbox_new ON ${schema}.outbox (seq) WHERE position IS NULL;
     CREATE TABLE ${schema}.cursors (
       route    TEXT   PRIMARY KEY,
       position BIGINT NOT NULL
     );
     CREATE TABLE ${schema}.inbox (
       event_id       TEXT   PRIMARY KEY,
       received_at_ms BIGINT NOT NULL DEFAULT ${clockMsText}
     );
     CREATE INDEX inbox_by_age ON ${schema}.inbox (received_at_ms);
     CREATE TABLE ${schema}.pending_events (
       seq        BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       event_id   TEXT    NOT NULL,
       type       TEXT    NOT NULL,
       source     TEXT    NOT NULL,
       key        BIGINT  NOT NULL,
       payload    TEXT    NOT NULL CHECK (length(payload) <= 65536),
       trace_id   TEXT    NOT NULL,
       attempts   INTEGER NOT NULL DEFAULT 0,
       due_ms     BIGINT  NOT NULL DEFAULT 0,
       last_error TEXT
     );
     CREATE INDEX pending_events_by_key ON ${schema}.pending_events (source, key, seq);
     CREATE TABLE ${schema}.dead_letters (
       event_id   TEXT    PRIMARY KEY,
       type       TEXT    NOT NULL,
       source     TEXT    NOT NULL,
       key        BIGINT  NOT NULL,
       payload    TEXT    NOT NULL,
       trace_id   TEXT    NOT NULL,
       attempts   INTEGER NOT NULL,
       last_error TEXT    NOT NULL,
       died_at_ms BIGINT  NOT NULL
     );
     CREATE INDEX dead_letters_latest ON ${schema}.dead_letters (died_at_ms DESC, event_id COLLATE "C" DESC);
     CREATE TABLE ${schema}.idempotency (
       user_id        BIGINT NOT NULL,
       method         TEXT   NOT NULL,
       key            TEXT   NOT NULL,
       body_hash      TEXT   NOT NULL,
       answer         TEXT,
       created_at_ms  BIGINT NOT NULL DEFAULT ${clockMsText},
       fence          BIGINT NOT NULL,
       lease_owner    TEXT,
       lease_until_ms BIGINT NOT NULL,
       PRIMARY KEY (user_id, method, key)
     );
     CREATE INDEX idempotency_by_age ON ${schema}.idempotency (created_at_ms);
     CREATE INDEX idempotency_open ON ${schema}.idempotency (lease_owner) WHERE answer IS NULL;
     CREATE TABLE ${schema}.jobs (
       id             BIGINT  PRIMARY KEY,
       kind           TEXT    NOT NULL,
       unique_key     TEXT,
       payload        TEXT    NOT NULL,
       state          TEXT    NOT NULL DEFAULT 'queued'
                              CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
       priority       INTEGER NOT NULL DEFAULT 0,
       attempt        INTEGER NOT NULL DEFAULT 0,
       attempts_max   INTEGER NOT NULL,
       fence          BIGINT  NOT NULL DEFAULT 0,
       lease_owner    TEXT,
       lease_until_ms BIGINT  NOT NULL DEFAULT 0,
       due_ms         BIGINT  NOT NULL,
       progress       INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
       last_error     TEXT,
       trace_id       TEXT    NOT NULL,
       created_at_ms  BIGINT  NOT NULL,
       ended_at_ms    BIGINT,
       owner_id       BIGINT,
       claimed_at_ms  BIGINT  NOT NULL DEFAULT 0,
       lost           INTEGER NOT NULL DEFAULT 0
     );
     CREATE UNIQUE INDEX jobs_once ON ${schema}.jobs (kind, unique_key) WHERE state IN ('queued', 'running');
     CREATE INDEX jobs_turns ON ${schema}.jobs (kind, coalesce(owner_id, 0), priority, due_ms, id) WHERE state = 'queued';
     CREATE INDEX jobs_leased ON ${schema}.jobs (lease_until_ms) WHERE state = 'running';
     CREATE INDEX jobs_ended ON ${schema}.jobs (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
     CREATE INDEX jobs_of_owner ON ${schema}.jobs (owner_id, kind, claimed_at_ms DESC);
     CREATE INDEX jobs_running ON ${schema}.jobs (owner_id) WHERE state = 'running';
     CREATE INDEX jobs_dead ON ${schema}.jobs (id) WHERE state = 'dead';
     CREATE TABLE ${schema}.locks (
       name           TEXT   PRIMARY KEY,
       owner          TEXT   NOT NULL,
       fence          BIGINT NOT NULL,
       lease_until_ms BIGINT NOT NULL
     );
     CREATE TABLE ${schema}.marks (
       name  TEXT   PRIMARY KEY,
       value BIGINT NOT NULL
     );
     CREATE TABLE ${schema}.nodes (
       number         INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 63),
       holder         TEXT,
       fence          BIGINT  NOT NULL,
       lease_until_ms BIGINT  NOT NULL,
       tick           BIGINT  NOT NULL
     );
     CREATE TABLE ${schema}.keys (
       name         TEXT   NOT NULL,
       starts_at_ms BIGINT NOT NULL,
       sealed       TEXT   NOT NULL,
       PRIMARY KEY (name, starts_at_ms)
     )`,
  ];
};
