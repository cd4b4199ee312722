import { sql } from "kysely";
import { forgetReceived } from "../bus/inbox.ts";
import type { Schedule } from "../jobs/port.ts";
import { forget } from "../jobs/store.ts";
import type { Db } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";

const answersKeptMs = 24 * 3_600_000;

/** Schedules that trim every service's database: received events, stored answers, ended jobs. */
export const upkeep = (db: Db<KernelTables>): Schedule[] => [
  {
    name: "kernel.upkeep",
    pattern: "17 * * * *",
    async run() {
      await forgetReceived(db);
      await forget(db);
      await sql`DELETE FROM ${kernel.idempotency} WHERE created_at_ms < ${clockMs} - ${answersKeptMs}::bigint`.execute(
        db,
      );
    },
  },
];
