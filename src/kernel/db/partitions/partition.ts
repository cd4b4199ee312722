import pg from "pg";
import { connectionOf, type DbAddress } from "../pool.ts";
import { schemaOf } from "../tables.ts";
import type { Schema } from "../upgrade/migrate.ts";

/** A table of a service, by the column that its partitions are chosen by. */
export interface PartitionedTable {
  readonly schema: string;
  readonly table: string;
  readonly key: string;
}

/** `rows` is undefined where the table had these partitions before, and nothing was changed. */
export interface Partitioned {
  readonly partitions: number;
  readonly rows: number | undefined;
}

/** A table that cannot become partitions, or not now; the message says why. */
export class PartitionError extends Error {}

/** Requests wait behind a lock that waits for a long transaction. PostgreSQL then gives up, and nothing is changed. */
const lockWait = "10s";

/**
 * Turns a table into hash partitions in place: a transaction copies its rows, then replaces it under the same names of
 * table, constraints and indexes. Other transactions on the table wait until then, so it is safe beside a server.
 *
 * @param client a connection of its own, outside of a transaction
 * @throws PartitionError where there is no such table, or a unique constraint without the key, or others use it too long.
 */
export async function partitionTable(
  client: pg.Client,
  target: PartitionedTable,
  partitions: number,
  wait = lockWait,
): Promise<Partitioned> {
  await client.query("BEGIN");
  try {
    // With an empty path PostgreSQL writes names with their schemas. A copy may take longer than a request.
    await client.query(
      `SET LOCAL search_path = ''; SET LOCAL lock_timeout = '${wait}'; SET LOCAL statement_timeout = 0`,
    );
    const outcome = await replaceTable(client, target, partitions);
    await client.query("COMMIT");
    return outcome;
  } catch (error) {
    await client.query("ROLLBACK");
    if (!isBusy(error)) throw error;
    const { schema, table } = target;
    const sentence = `${schema}.${table} is in use by a long transaction: nothing was changed, try again`;
    throw new PartitionError(sentence, { cause: error });
  }
}

/** SQLSTATE 55P03, `lock_not_available`, and 40P01, `deadlock_detected`. */
const isBusy = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === "55P03" || error.code === "40P01");

async function replaceTable(client: pg.Client, target: PartitionedTable, partitions: number): Promise<Partitioned> {
  const { schema, table, key } = target;
  const nameOf = (suffix: string) => `${schemaOf(schema)}.${client.escapeIdentifier(`${table}${suffix}`)}`;
  const [name, oldName, column] = [nameOf(""), nameOf("_unpartitioned"), client.escapeIdentifier(key)];
  const existing = await partitionsOf(client, target);
  if (existing === undefined) throw new PartitionError(`there is no table ${schema}.${table}`);
  if (existing > 0) return { partitions: existing, rows: undefined };
  const [fault] = await keyFaults(client, [target]);
  if (fault !== undefined) throw new PartitionError(fault);
  await client.query(`LOCK TABLE ${(await joinedTables(client, name)).join(", ")} IN ACCESS EXCLUSIVE MODE`);
  // After the lock: another process may have done so before.
  const current = (await partitionsOf(client, target)) ?? 0;
  if (current > 0) return { partitions: current, rows: undefined };
  const definitions = await definitionsOf(client, name);
  const { columns, storage } = await shapeOf(client, name);
  for (const statement of definitions.dropping) await client.query(statement);
  await client.query(`ALTER TABLE ${name} RENAME TO ${client.escapeIdentifier(`${table}_unpartitioned`)}`);
  await client.query(
    `CREATE TABLE ${name} (LIKE ${oldName} INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH (${column})`,
  );
  for (let remainder = 0; remainder < partitions; remainder++)
    await client.query(
      `CREATE TABLE ${nameOf(`_p${remainder}`)} PARTITION OF ${name}
         FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${remainder})${storage}`,
    );
  const { rowCount } = await client.query(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM ${oldName}`);
  await client.query(`DROP TABLE ${oldName}`);
  for (const statement of definitions.creating) await client.query(statement);
  await client.query(`ANALYZE ${name}`);
  return { partitions, rows: rowCount ?? 0 };
}

/** The tables of one database. */
export interface PartitionedTables extends AsyncDisposable {
  /** As {@link partitionsOf}. */
  count(table: PartitionedTable): Promise<number | undefined>;
  /** As {@link partitionTable}. */
  partition(table: PartitionedTable, partitions: number): Promise<Partitioned>;
}

/** Opens a connection to a database, beside a server or without one. */
export async function openPartitionedTables(address: DbAddress): Promise<PartitionedTables> {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  return {
    count: (table) => partitionsOf(client, table),
    partition: (table, partitions) => partitionTable(client, table, partitions),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** The tables of a service that may become hash partitions. */
export const partitionedTables = ({ service, partitionKeys = {} }: Schema): PartitionedTable[] =>
  Object.entries(partitionKeys).map(([table, key]) => ({ schema: service, table, key }));

/** How many partitions a table has, 0 where it is whole; undefined where there is no such table. */
export async function partitionsOf(
  client: pg.Client,
  { schema, table }: Pick<PartitionedTable, "schema" | "table">,
): Promise<number | undefined> {
  const { rows } = await client.query<{ partitions: number }>(
    `SELECT (SELECT count(*)::integer FROM pg_inherits WHERE inhparent = c.oid) AS partitions
     FROM pg_class c WHERE c.relnamespace = to_regnamespace($1) AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [schemaOf(schema), table],
  );
  return rows[0]?.partitions;
}

/**
 * Sentences about tables that cannot be partitioned by their keys. PostgreSQL refuses unique constraints without the key;
 * a key that may be null belongs to no primary key.
 */
export async function keyFaults(client: pg.Client, tables: readonly PartitionedTable[]): Promise<string[]> {
  const { rows } = await client.query<{ fault: string }>(
    `WITH target AS (
       SELECT schema || '.' || name AS name, key, c.oid, a.attnum, a.attnotnull
       FROM unnest($1::text[], $2::text[], $3::text[]) AS t (schema, name, key)
       LEFT JOIN pg_namespace n ON n.nspname = schema
       LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = key AND a.attnum > 0
     )
     SELECT CASE WHEN oid IS NULL THEN 'there is no table ' || name
       ELSE name || ' has no column ' || key || ', which is its partition key' END AS fault
     FROM target WHERE attnum IS NULL
     UNION ALL
     SELECT name || '.' || key || ' is the partition key and may be null: make it NOT NULL' FROM target WHERE NOT attnotnull
     UNION ALL
     SELECT name || '.' || attname || ' is an identity column, whose numbers would begin again in a partitioned table'
     FROM target JOIN pg_attribute ON attrelid = oid AND attidentity <> ''
     UNION ALL
     SELECT 'unique index ' || i.relname || ' of ' || name || ' lacks the partition key ' || key ||
       ': add the column, drop the uniqueness, or keep it in a table of its own'
     FROM target JOIN pg_index x ON x.indrelid = target.oid AND x.indisunique AND NOT target.attnum = ANY(x.indkey[0:x.indnkeyatts - 1])
     JOIN pg_class i ON i.oid = x.indexrelid
     ORDER BY 1`,
    [tables.map(({ schema }) => schema), tables.map(({ table }) => table), tables.map(({ key }) => key)],
  );
  return rows.map(({ fault }) => fault);
}

/** A table and those that foreign keys join it with: all of their constraints change. */
async function joinedTables(client: pg.Client, name: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT $1::regclass::text AS name UNION
     SELECT unnest(ARRAY[conrelid, confrelid])::regclass::text FROM pg_constraint
     WHERE contype = 'f' AND conparentid = 0 AND $1::regclass IN (conrelid, confrelid) ORDER BY 1`,
    [name],
  );
  return rows.map((row) => row.name);
}

/**
 * Statements for all that a table has besides its columns and checks: those that create it again under the same names,
 * and those that drop the foreign keys of other tables before.
 */
async function definitionsOf(client: pg.Client, name: string): Promise<{ dropping: string[]; creating: string[] }> {
  const { rows } = await client.query<{ dropping: string | null; creating: string }>(
    `SELECT dropping, creating FROM (
       SELECT CASE contype WHEN 'f' THEN 3 ELSE 1 END AS place,
         CASE WHEN confrelid = $1::regclass THEN format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) END AS dropping,
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS creating
       FROM pg_constraint
       WHERE (conrelid = $1::regclass AND contype IN ('p', 'u')) OR (contype = 'f' AND conparentid = 0 AND $1::regclass IN (conrelid, confrelid))
       UNION ALL
       SELECT 2, NULL, pg_get_indexdef(indexrelid) FROM pg_index
       WHERE indrelid = $1::regclass
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u') AND conrelid = indrelid)
       UNION ALL
       SELECT 4, NULL, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal
       UNION ALL
       SELECT 5, NULL, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', attrelid::regclass, attname, attstattarget)
       FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0
       UNION ALL
       SELECT 6, NULL, format('GRANT %s ON %s TO %s', privilege_type, c.oid::regclass,
         CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
       FROM pg_class c CROSS JOIN aclexplode(relacl) WHERE c.oid = $1::regclass
     ) AS definition ORDER BY place, creating`,
    [name],
  );
  return {
    dropping: rows.flatMap(({ dropping }) => dropping ?? []),
    creating: rows.map(({ creating }) => creating),
  };
}

/** The columns that rows are inserted with, and the storage parameters, which only partitions have. */
async function shapeOf(client: pg.Client, name: string): Promise<{ columns: string; storage: string }> {
  const { rows } = await client.query<{ columns: string; storage: string }>(
    `SELECT (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
            coalesce(' WITH (' || array_to_string(reloptions, ', ') || ')', '') AS storage
     FROM pg_class c WHERE c.oid = $1::regclass`,
    [name],
  );
  return rows[0] ?? { columns: "", storage: "" };
}
