import { type CompiledQuery, type DatabaseConnection, type Driver, type Kysely, type QueryResult } from "kysely";
import pg from "pg";
import { ServiceDialect } from "../dialect.ts";

/** SQLSTATE of a statement that writes, which is our mistake, and of one that took too long and must not do so twice. */
const notRepeated = ["25006", "57014"];

interface Parts {
  readonly service: string;
  readonly pool: pg.Pool;
  /** Yields what a read yields that failed on the replica. */
  readonly primary: Pick<Kysely<unknown>, "executeQuery">;
  /** Called for a read that is repeated on the primary. */
  readonly repeated: () => void;
}

/** Reads of a service on a replica. One that fails there is repeated on the primary, save where it would write or is too long. */
export class ReplicaDialect extends ServiceDialect {
  readonly #connection: ReplicaConnection;

  constructor(parts: Parts) {
    super({ pool: parts.pool }, parts.service);
    this.#connection = new ReplicaConnection(parts);
  }

  override createDriver(): Driver {
    const connection = this.#connection;
    const refuse = async () => {
      throw new Error("a transaction belongs on the primary");
    };
    return {
      init: async () => undefined,
      acquireConnection: async () => connection,
      releaseConnection: async () => undefined,
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      destroy: async () => undefined,
    };
  }
}

/** Takes a connection of the pool for each statement: without transactions nothing belongs together. */
class ReplicaConnection implements DatabaseConnection {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.#ask<R>(query);
    } catch (error) {
      if (error instanceof pg.DatabaseError && notRepeated.includes(error.code ?? "")) throw error;
      this.#parts.repeated();
      return (await this.#parts.primary.executeQuery(query)) as QueryResult<R>; // The same query.
    }
  }

  async #ask<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const client = await this.#parts.pool.connect();
    try {
      const { rows } = await client.query(sql, [...parameters]);
      return { rows: rows as R[] }; // Typed by the query.
    } finally {
      client.release();
    }
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("a replica is not read as a stream");
  }
}
