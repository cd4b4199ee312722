import { sql } from "kysely";
import type { Db } from "../../db/port.ts";
import type { KernelTables } from "../../db/tables.ts";

type Pool = Db<KernelTables>["pool"];

/**
 * Whether databases answer. Each is asked once, however many services share its pool and however many checks wait for it: the
 * checks of a hung database must not take the connections of its pool.
 */
export class DatabaseChecks {
  readonly #underWay = new Map<Pool, Promise<boolean>>();

  answers(db: Db<KernelTables>): Promise<boolean> {
    const { pool } = db;
    const asked =
      this.#underWay.get(pool) ??
      sql`SELECT 1`
        .execute(db)
        .then(
          () => true,
          () => false,
        )
        .finally(() => this.#underWay.delete(pool));
    this.#underWay.set(pool, asked);
    return asked;
  }
}
