import { sql } from "kysely";
import type { Platform } from "../platform/platform.ts";
import { serviceNames } from "../../cmd/services.ts";

/** Columns that may have the number of an account, or a name that is made of it. */
const columns =
  "(^|_)(user|author|owner|sender|receiver|target|other|buyer|seller|follower|hidden|reporter|moderator|assignee|actor|person)_id$|^(viewer|person|searcher|requested_by)$";

/** The tables of all services in which rows belong to accounts, as `service.table`. Tables of the kernel are not among them. */
export async function accountTables(platform: Platform): Promise<string[]> {
  // Its key is the number of the account itself.
  const tables = new Set<string>(["user.users"]);
  for (const service of serviceNames) {
    const { rows } = await sql<{ table: string }>`
      SELECT DISTINCT c.table_name AS "table" FROM information_schema.columns c
      JOIN pg_class ON relname = c.table_name AND relnamespace = current_schema()::regnamespace
      WHERE c.table_schema = current_schema() AND c.column_name ~ ${columns} AND relkind IN ('r', 'p') AND NOT relispartition
        AND c.table_name NOT IN ('idempotency', 'jobs')`.execute(platform.host.database(service));
    for (const { table } of rows) tables.add(`${service}.${table}`);
  }
  return [...tables].toSorted();
}
