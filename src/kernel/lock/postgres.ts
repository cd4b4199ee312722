import { type Kysely, sql } from "kysely";
import type { Locks } from "./port.ts";

/**
 * Advisory locks of one service's database: whoever shares the tables shares the locks. A lock is held by a connection
 * of its own and ends with it, also when the process dies.
 */
export const postgresLocks = <Tables>(db: Kysely<Tables>): Locks => ({
  try: (name, work) =>
    db.connection().execute(async (held) => {
      const key = `kinora.${name}`;
      const { rows } = await sql<{ got: boolean }>`SELECT pg_try_advisory_lock(hashtext(${key})) AS got`.execute(held);
      if (rows[0]?.got !== true) return undefined;
      try {
        return await work();
      } finally {
        await sql`SELECT pg_advisory_unlock(hashtext(${key}))`.execute(held);
      }
    }),
});
