import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";

/** SQLSTATE of a table, a schema and a function that are not there: so it is after the schema has moved. */
const absent = ["42P01", "3F000", "42883"];

/** Failures of transactions whose tables are elsewhere by now: nothing was changed, and a repeated one finds them. */
const outdated = new WeakSet<object>();

/** True for the failure of a transaction that is to run again, because the tables of its service have moved. */
export const hasMoved = (error: unknown): boolean => typeof error === "object" && error !== null && outdated.has(error);

/**
 * The pool of one service, which follows its tables to another database. A statement that finds no table asks where it
 * is; a single one is repeated there, and a transaction fails for its caller to run it again.
 */
export class FollowingPool implements PostgresPool {
  #pool: pg.Pool;
  readonly #find: (pool: pg.Pool) => Promise<pg.Pool | undefined>;
  #search: Promise<boolean> | undefined;
  #isMoved = false;
  readonly #clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  /** @param find yields the pool of the new database; undefined where the tables have not moved */
  constructor(pool: pg.Pool, find: (pool: pg.Pool) => Promise<pg.Pool | undefined>) {
    this.#pool = pool;
    this.#find = find;
  }

  /** True once the tables were found elsewhere: replicas of the first database are no use then. */
  get isMoved(): boolean {
    return this.#isMoved;
  }

  get totalCount(): number {
    return this.#pool.totalCount;
  }

  get idleCount(): number {
    return this.#pool.idleCount;
  }

  get options(): pg.PoolOptions {
    return this.#pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    const pool = this.#pool;
    const client = await pool.connect();
    const existing = this.#clients.get(client);
    if (existing) return existing;
    const created = this.#follow(client, pool);
    this.#clients.set(client, created);
    return created;
  }

  /** Closes nothing: the pools are of the process. */
  end(): Promise<void> {
    return Promise.resolve();
  }

  #follow(client: pg.PoolClient, from: pg.Pool): PostgresPoolClient {
    let isInTransaction = false;
    const query = async <R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
      if (text === "commit" || text === "rollback") isInTransaction = false;
      else if (text === "begin" || text.startsWith("start transaction")) isInTransaction = true;
      try {
        return await ask<R>(client, text, values);
      } catch (error) {
        if (!isAbsent(error) || !(await this.#look(from))) throw error;
        if (isInTransaction) {
          outdated.add(error);
          throw error;
        }
        const other = await this.#pool.connect();
        try {
          return await ask<R>(other, text, values);
        } finally {
          other.release();
        }
      }
    };
    // Kysely asks with a cursor only where a dialect has one.
    return { query: query as PostgresPoolClient["query"], release: (isBroken) => client.release(isBroken) };
  }

  /** True if the tables are in another database than `from` by now; all callers ask once. */
  #look(from: pg.Pool): Promise<boolean> {
    if (this.#pool !== from) return Promise.resolve(true);
    this.#search ??= this.#find(from)
      .then((pool) => {
        if (pool === undefined) return false;
        this.#pool = pool;
        this.#isMoved = true;
        return true;
      })
      .finally(() => (this.#search = undefined));
    return this.#search;
  }
}

const isAbsent = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && absent.includes(error.code ?? "");

// The dialect reads the same fields of `pg`'s results.
const ask = <R>(client: pg.PoolClient, text: string, values: readonly unknown[]) =>
  client.query(text, [...values]) as Promise<object> as Promise<PostgresQueryResult<R>>;
