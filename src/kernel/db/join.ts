import { AsyncLocalStorage } from "node:async_hooks";
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  type TransactionSettings,
} from "kysely";

/** The transaction a whole command runs in, when its answer is kept under an idempotency key. */
const ambient = new AsyncLocalStorage<{
  readonly db: object;
  readonly tx: object;
  readonly connection: DatabaseConnection;
}>();
/** The connection each transaction object's driver began it on, noted while it begins. */
const begun = new AsyncLocalStorage<{ connection?: DatabaseConnection }>();

/** The open whole transaction of this database, if the caller runs inside one. */
export const joined = (db: object): object | undefined => {
  const open = ambient.getStore();
  return open?.db === db ? open.tx : undefined;
};

/** Runs `work` so that the queries of `db` inside it, reads by the pool included, run on the connection of `tx`. */
export function joinedBy<R>(db: object, tx: object, work: () => Promise<R>): Promise<R> {
  const { connection } = begun.getStore() ?? {};
  if (!connection) throw new Error("a whole transaction is begun by its database");
  return ambient.run({ db, tx, connection }, work);
}

/** Notes which connection a transaction begins on; around every transaction that may become a whole one. */
export const noting = <R>(work: () => Promise<R>): Promise<R> => begun.run({}, work);

/** PostgreSQL, except that a query inside a whole transaction joins it instead of taking a connection of its own. */
export class JoiningDialect extends PostgresDialect implements Dialect {
  readonly #owner: () => object | undefined;

  /** @param owner the database this dialect serves, known once it is made. */
  constructor(config: PostgresDialectConfig, owner: () => object | undefined) {
    super(config);
    this.#owner = owner;
  }

  override createDriver(): Driver {
    const inner = super.createDriver();
    const open = () => {
      const whole = ambient.getStore();
      return whole && whole.db === this.#owner() ? whole.connection : undefined;
    };
    return {
      init: () => inner.init(),
      acquireConnection: async () => open() ?? inner.acquireConnection(),
      async releaseConnection(connection) {
        if (connection !== open()) await inner.releaseConnection(connection);
      },
      async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
        await inner.beginTransaction(connection, settings);
        const note = begun.getStore();
        if (note) note.connection = connection;
      },
      commitTransaction: (connection) => inner.commitTransaction(connection),
      rollbackTransaction: (connection) => inner.rollbackTransaction(connection),
      destroy: () => inner.destroy(),
    };
  }
}
