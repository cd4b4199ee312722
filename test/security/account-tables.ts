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

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
}

/**
 * Adds a row that names an account in each of its columns for accounts, for the test of an erasure: other columns have
 * values that the table accepts. A column that refers to another table has a value from there.
 */
export async function plantRow(platform: Platform, table: string, userId: number): Promise<void> {
  const [service = "", name = ""] = table.split(".");
  const db = platform.host.database(service);
  const { rows: all } = await sql<Column>`
    SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AND column_default IS NULL AS "isRequired"
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ${name} AND is_generated = 'NEVER'`.execute(db);
  const { rows: checks } = await sql<{ text: string }>`
    SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint
    WHERE conrelid = ${sql.lit(name)}::regclass AND contype IN ('c', 'f')`.execute(db);
  const values: Record<string, unknown> = {};
  for (const { name: column, type, isRequired } of all) {
    const isAccount = new RegExp(columns).test(column);
    if (!isAccount && !isRequired) continue;
    values[column] = isAccount
      ? type === "text"
        ? `user:${userId}`
        : userId
      : ((await referredValue(platform, service, checks, column)) ?? enumValue(checks, column) ?? valueOf(type));
  }
  const names = Object.keys(values).map((column) => sql.ref(column));
  await sql`INSERT INTO ${sql.table(name)} (${sql.join(names)}) VALUES (${sql.join(Object.values(values))})`.execute(
    db,
  );
}

/** The first of the values to which a check confines a column. */
function enumValue(checks: readonly { readonly text: string }[], column: string): string | undefined {
  for (const { text } of checks) {
    const [, value] = new RegExp(`\\(${column} = ANY \\(ARRAY\\['([^']+)'`).exec(text) ?? [];
    if (value !== undefined) return value;
  }
  return undefined;
}

async function referredValue(
  platform: Platform,
  service: string,
  checks: readonly { readonly text: string }[],
  column: string,
): Promise<unknown> {
  for (const { text } of checks) {
    const [, target, key] =
      new RegExp(`^FOREIGN KEY \\(${column}\\) REFERENCES (?:[\\w"]+\\.)?(\\w+)\\((\\w+)\\)`).exec(text) ?? [];
    if (target === undefined || key === undefined) continue;
    const { rows } = await sql<{ value: unknown }>`
      SELECT ${sql.ref(key)} AS value FROM ${sql.table(target)} ORDER BY 1 LIMIT 1`.execute(
      platform.host.database(service),
    );
    return rows[0]?.value;
  }
  return undefined;
}

let number = 4_000_000_000_000;
function valueOf(type: string): unknown {
  if (/^(?:bigint|integer|smallint)$/.test(type)) return type === "bigint" ? ++number : 1;
  if (type === "boolean") return false;
  if (type === "ARRAY") return [];
  if (type === "bytea") return Buffer.from([1]);
  if (type === "jsonb") return "{}";
  if (type === "real" || type === "double precision") return 0;
  return `planted ${++number}`;
}
