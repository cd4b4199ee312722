import { sql } from "kysely";
import type { Db } from "../../db/port.ts";
import type { KernelTables } from "../../db/tables.ts";

type Pool = Db<KernelTables>["pool"];

/**
 * Asks if databases answer, once for all services that share a pool and all checks that wait for it. The checks of a
 * hung database must not take the connections of its pool.
 */
export class DatabaseChecks {
  readonly #underWay = new Map<Pool, Promise<boolean>>();

  answers(db: Db<KernelTables>): Promise<boolean> {
    const { pool } = db;
    const check =
      this.#underWay.get(pool) ??
      sql`SELECT 1`
        .execute(db)
        .then(
          () => true,
          () => false,
        )
        .finally(() => this.#underWay.delete(pool));
    this.#underWay.set(pool, check);
    return check;
  }
}
