import pg from "pg";
import { ConnectionBackoff } from "./connection-backoff.ts";
import { applicationName, connectionOf, type DbAddress } from "./connections/address.ts";
import { isFull } from "./connections/full.ts";
import { ServiceDialect } from "./dialect.ts";
import type { FollowingPool } from "./following-pool.ts";
import { type Commits, commitsUnderWay, flushedPosition } from "./positions.ts";
import { Db, type Left, type Replication } from "./port.ts";

export { connectionOf, type DbAddress } from "./connections/address.ts";

const namesMax = 1_000;
const bigint = 20;
const bigints = 1_016;
const numberOf = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError("a BIGINT of the database is beyond 2^53");
  return number;
};
pg.types.setTypeParser(bigint, numberOf);
// Arrays have one dimension and no nulls, as in our tables: `{1,2}`.
pg.types.setTypeParser(bigints as typeof bigint, (text) =>
  text === "{}" ? [] : text.slice(1, -1).split(",").map(numberOf),
);

/** Lists of ids, which `pg` would write with each number quoted: a fifth of what a statement for hundreds of them costs. */
const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === "number");

/**
 * A client that names its statements, so that PostgreSQL plans each text once per connection. Planning is a third of
 * the cost of a read. It also outlives its connection. Its user gets the failure as the answer to a statement, in the
 * words of `pg` for the statement under way.
 */
class NamingClient extends pg.Client {
  readonly #names = new Map<string, string>();
  readonly #namesMax: number;
  /** The server whose commits are recorded with their positions. */
  readonly #server: string | undefined;
  readonly #backoff: ConnectionBackoff | undefined;
  readonly #full: ClientSettings["full"];
  #isReadOnly = false;
  #isBroken = false;

  constructor(config?: pg.ClientConfig & ClientSettings) {
    super(config);
    this.#server = config?.recordedServer;
    this.#backoff = config?.backoff;
    this.#full = config?.full;
    // A name is state of a session, which the next transaction may not get again from a pooler.
    this.#namesMax = config?.isPooled === true ? 0 : namesMax;
    // The pool does not listen while it is in use, and an error without a listener would end the process.
    this.on("error", () => (this.#isBroken = true));
  }

  // The pool is its one caller, and gives a callback.
  override connect(...given: unknown[]): never {
    const [settle] = given as [(error: Error | null) => void];
    const refusal = this.#backoff?.refusal();
    if (refusal) return process.nextTick(settle, refusal) as never; // A callback gets the answer.
    return super.connect((error: Error | null) => {
      if (error && isFull(error)) this.#full?.(error);
      if (error) this.#backoff?.recordFailure(error);
      else this.#backoff?.recordSuccess();
      settle(error);
    }) as never; // As above.
  }

  // `pg` declares a dozen overloads; Kysely uses the one with a text and its values.
  override query(...given: unknown[]): never {
    const [text, values] = given;
    if (this.#isBroken) return Promise.reject(new Error("Connection terminated before the statement")) as never; // As above.
    if (typeof text !== "string" || !Array.isArray(values)) return this.#ask(...given);
    if (this.#server !== undefined) {
      if (text === "begin" || text.startsWith("start transaction")) this.#isReadOnly = text.endsWith("read only");
      const commits = text === "commit" && !this.#isReadOnly ? commitsUnderWay() : undefined;
      if (commits) return this.#commit(commits, this.#server) as never; // As for any other statement.
    }
    const written: unknown[] = values.map((value: unknown) => (isNumbers(value) ? `{${value.join()}}` : value));
    let name = this.#names.get(text);
    if (name === undefined && this.#names.size < this.#namesMax) {
      name = `s${this.#names.size}`;
      this.#names.set(text, name);
    }
    return this.#ask({ text, values: written, ...(name !== undefined && { name }) });
  }

  /** The message that commits yields the position, so that it costs no round trip. */
  async #commit(commits: Commits, server: string): Promise<pg.QueryResult> {
    try {
      const committing: Promise<unknown> = this.#ask(`COMMIT; SELECT ${flushedPosition} AS position`);
      const [committed, flushed] = (await committing) as [pg.QueryResult, pg.QueryResult<{ position: number }>]; // One result for each statement.
      if (flushed.rows[0]) commits.record(server, flushed.rows[0].position);
      else commits.lose();
      return committed;
    } catch (error) {
      // The transaction may have been committed in spite of the error.
      commits.lose();
      throw error;
    }
  }

  #ask(...given: unknown[]): never {
    return super.query(...(given as [string])) as never; // As `pg`'s own overload promises.
  }
}

interface ClientSettings {
  readonly backoff?: ConnectionBackoff;
  readonly full?: (error: Error) => void;
  readonly isPooled?: boolean;
  readonly recordedServer?: string;
}

interface PoolOptions {
  readonly connectionsMax?: number;
  /** How long a query waits for a connection, in the queue of the pool or of the server; 5 s when left out. */
  readonly waitMs?: number;
  /** The address is a PgBouncer in transaction mode, which gives each transaction another session. */
  readonly isPooled?: boolean;
  /** The system identifier of its server, where positions of commits are recorded: it has replicas. */
  readonly recordedServer?: string;
  /** Called when an idle connection broke; the pool opens another one by itself. */
  readonly broke?: (error: Error) => void;
  /** Called when the server had no connection left; the pool asks again by itself. */
  readonly full?: (error: Error) => void;
  /** Words for the list of sessions in PostgreSQL, such as the services of the process. */
  readonly name?: string | undefined;
}

/** NAMEDATALEN less its closing zero. */
const applicationNameMax = 63;
/** The most connections of a pool that nobody gave a number. */
const usualConnectionsMax = 20;

/**
 * Opens a pool of connections to one database, which all services of a process share. Nothing is connected until the first
 * query, and idle connections close after 10 s.
 */
export function openPool(
  address: DbAddress,
  { connectionsMax, waitMs, isPooled = false, recordedServer, broke, full, name }: PoolOptions = {},
): pg.Pool {
  const config: pg.PoolConfig & ClientSettings = {
    ...connectionOf(address),
    isPooled,
    backoff: new ConnectionBackoff(),
    ...(full && { full }),
    ...(recordedServer !== undefined && { recordedServer }),
    Client: NamingClient,
    max: connectionsMax ?? usualConnectionsMax,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: waitMs ?? 5_000,
    // A server that vanished says nothing: without these its last answer would be waited for for a quarter of an hour.
    keepAlive: true,
    query_timeout: 35_000,
    // A statement that outlives every deadline only holds locks. A pooler refuses such settings of a session; there its
    // operator gives them to the role.
    ...(!isPooled && { statement_timeout: 30_000, idle_in_transaction_session_timeout: 30_000 }),
    // PostgreSQL would log that it cuts a longer one.
    application_name: name === undefined ? applicationName : `${applicationName} ${name}`.slice(0, applicationNameMax),
  };
  const pool = new pg.Pool(config);
  // Connections of a closing pool still fail when the server stops; that is no failure of the pool.
  pool.on("error", (error) => !pool.ending && broke?.(error));
  return pool;
}

interface ServiceOptions {
  /** The service whose schema has the kernel's tables. */
  readonly service: string;
  /** Called after a commit for each kind of what it left. */
  readonly committed?: (left: Left) => void;
  /** The replicas of this database, where it has some. */
  readonly replication?: Replication | undefined;
}

/** One service's view of a pool; closing it leaves the pool to the other services. */
export const createDb = <Tables>(
  pool: pg.Pool | FollowingPool,
  { service, committed = () => undefined, replication }: ServiceOptions,
): Db<Tables> =>
  new Db<Tables>({ dialect: new ServiceDialect({ pool }, service) }, { service, committed, pool, replication });

/** A database for one service alone, with a pool of its own that is closed with it. */
export function openDb<Tables>(address: DbAddress, options: PoolOptions & ServiceOptions): Db<Tables> {
  const pool = openPool(address, options);
  const { service, committed = () => undefined, replication } = options;
  const close = () => pool.end();
  return new Db<Tables>(
    { dialect: new ServiceDialect({ pool }, service) },
    { service, committed, pool, replication, close },
  );
}
