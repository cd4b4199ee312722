import { sql } from "kysely";
import { fullReason, isFull } from "../../db/connections/full.ts";
import type { Db } from "../../db/port.ts";
import type { KernelTables } from "../../db/tables.ts";

type Pool = Db<KernelTables>["pool"];

/**
 * Asks if databases answer, once for all services that share a pool and all checks that wait for it. The checks of a
 * hung database must not take the connections of its pool.
 */
export class DatabaseChecks {
  readonly #underWay = new Map<Pool, Promise<string | undefined>>();

  /** The reason why a database does not answer; undefined where it does. */
  lackOf(db: Db<KernelTables>): Promise<string | undefined> {
    const { pool } = db;
    const check =
      this.#underWay.get(pool) ??
      sql`SELECT 1`
        .execute(db)
        .then(
          () => undefined,
          (error: unknown) => (isFull(error) ? fullReason : "the database cannot be reached"),
        )
        .finally(() => this.#underWay.delete(pool));
    this.#underWay.set(pool, check);
    return check;
  }
}
