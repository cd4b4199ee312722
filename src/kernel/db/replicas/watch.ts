import pg from "pg";
import { connectionOf, type DbAddress } from "../pool.ts";
import { flushedPosition } from "../positions.ts";

/** How often a server is asked where its log is. */
const everyMs = 150;
/** A server that does not answer within this time is taken to be away. */
const answerMsMax = 2_000;
const againMs = 1_000;

/** A server's report of its own state. */
export interface Report {
  /** The same for a primary and its standbys. */
  readonly server: string;
  readonly isStandby: boolean;
  /** The number changes at each promotion; a standby has the number of the log that it has certainly followed. */
  readonly timeline: number;
  /** Bytes of the log: flushed by a primary, replayed by a standby. */
  readonly position: number;
}

const look = `
  SELECT s.system_identifier::text AS server, pg_is_in_recovery() AS "isStandby",
    CASE WHEN pg_is_in_recovery() THEN GREATEST(c.timeline_id, r.min_recovery_end_timeline)
      ELSE ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::integer END AS timeline,
    CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint
      ELSE ${flushedPosition} END AS position
  FROM pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() r`;

/** Asks a server again and again on a connection of its own, so that a busy pool says nothing about the server. */
export class ReplicaWatch {
  readonly #address: DbAddress;
  readonly #reported: (report: Report, askedAtMs: number) => void;
  readonly #lost: (error: unknown) => void;
  readonly #elapsed: () => number;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    address: DbAddress,
    on: {
      readonly reported: (report: Report, askedAtMs: number) => void;
      readonly lost: (error: unknown) => void;
      readonly elapsed: () => number;
    },
  ) {
    this.#address = address;
    this.#reported = on.reported;
    this.#lost = on.lost;
    this.#elapsed = on.elapsed;
  }

  /** Settles when it was asked for the first time. */
  async start(): Promise<void> {
    await this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  async #ask(): Promise<void> {
    let pauseMs = everyMs;
    try {
      const client = this.#client ?? (await this.#connect());
      // Taken before the question: the answer is as old as this at most.
      const askedAtMs = this.#elapsed();
      const { rows } = await client.query<Report>(look);
      const [report] = rows;
      if (report && !this.#isStopped) this.#reported(report, askedAtMs);
    } catch (error) {
      this.#drop();
      if (!this.#isStopped) this.#lost(error);
      pauseMs = againMs;
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#ask(), pauseMs).unref();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...connectionOf(this.#address),
      connectionTimeoutMillis: answerMsMax,
      query_timeout: answerMsMax,
      application_name: "kinora replicas",
    });
    // The next question fails, and says by what.
    client.on("error", () => undefined);
    this.#client = client;
    await client.connect();
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined);
  }
}

/** Asks a server once. @throws Error where it does not answer */
export async function reportOf(address: DbAddress): Promise<Report> {
  const client = new pg.Client({
    ...connectionOf(address),
    connectionTimeoutMillis: answerMsMax,
    query_timeout: answerMsMax,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Report>(look);
    const [report] = rows;
    if (!report) throw new Error("it says nothing of itself");
    return report;
  } finally {
    client.end().catch(() => undefined);
  }
}
