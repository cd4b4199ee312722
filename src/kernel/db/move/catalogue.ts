import pg from "pg";
import { moveSchemaOf } from "../moved.ts";
import { schemaOf } from "../tables.ts";

/** A table of the moved schema, with its names as SQL. */
export interface MovedTable {
  readonly table: string;
  /** `"video"."videos"` */
  readonly name: string;
  /** The table of the keys of changed rows: `"video_move"."keys_videos"`. */
  readonly keys: string;
  /** The columns that rows are inserted with. */
  readonly columns: string;
  /** The columns of the primary key. */
  readonly key: string;
  /** All columns with their types, to compare both ends. */
  readonly shape: string;
  /** The number of its hash partitions; 0 where it is whole. */
  readonly partitions: number;
  /** The column that these are chosen by. */
  readonly partitionKey: string | null;
}

const quote = (name: string): string => pg.escapeIdentifier(name);

/** The tables of a service's schema, in one order; partitions belong to their table. */
export async function tablesOf(client: pg.Client, service: string): Promise<MovedTable[]> {
  const { rows } = await client.query<{
    table: string;
    columns: string[];
    key: string[] | null;
    shape: string;
    partitions: number;
    partitionKey: string | null;
  }>(
    `SELECT c.relname AS "table",
       (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       (SELECT array_agg(attname::text ORDER BY place) FROM pg_index
        CROSS JOIN unnest(indkey) WITH ORDINALITY AS part (attnum, place)
        JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = part.attnum
        WHERE indrelid = c.oid AND indisprimary) AS key,
       (SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS shape,
       (SELECT count(*)::integer FROM pg_inherits WHERE inhparent = c.oid) AS partitions,
       (SELECT attname::text FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = partrelid AND a.attnum = partattrs[0]
        WHERE partrelid = c.oid) AS "partitionKey"
     FROM pg_class c
     WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
    [schemaOf(service)],
  );
  return rows.map(({ table, columns, key, ...row }) => ({
    ...row,
    table,
    name: `${schemaOf(service)}.${quote(table)}`,
    keys: `${moveSchemaOf(service)}.${quote(`keys_${table}`)}`,
    columns: columns.map(quote).join(", "),
    key: (key ?? []).map(quote).join(", "),
  }));
}

/** Statements that drop and create the foreign keys of a schema. */
export interface ForeignKeys {
  readonly dropping: readonly string[];
  /** Rows that are there are not looked at where PostgreSQL can leave that for later: they are checked by {@link validate}. */
  readonly creating: readonly string[];
}

export async function foreignKeysOf(client: pg.Client, service: string): Promise<ForeignKeys> {
  const { rows } = await client.query<{ dropping: string; creating: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS dropping,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(o.oid)) ||
         CASE WHEN relkind = 'p' THEN '' ELSE ' NOT VALID' END AS creating
     FROM pg_constraint o JOIN pg_class c ON c.oid = conrelid
     WHERE contype = 'f' AND conparentid = 0 AND relnamespace = to_regnamespace($1) ORDER BY 1`,
    [schemaOf(service)],
  );
  return { dropping: rows.map(({ dropping }) => dropping), creating: rows.map(({ creating }) => creating) };
}

/** Checks the foreign keys that were created without a look at the rows; writers go on. */
export async function validate(client: pg.Client, service: string): Promise<void> {
  const { rows } = await client.query<{ text: string }>(
    `SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %I', conrelid::regclass, conname) AS text FROM pg_constraint
     WHERE contype = 'f' AND NOT convalidated AND connamespace = to_regnamespace($1) ORDER BY 1`,
    [schemaOf(service)],
  );
  for (const { text } of rows) await client.query(text);
}

/** Gives the sequences of the target the values that they have at the source, so that no number repeats. */
export async function copySequences(source: pg.Client, target: pg.Client, service: string): Promise<void> {
  const { rows } = await source.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = to_regnamespace($1)`,
    [schemaOf(service)],
  );
  for (const { name } of rows) {
    const { rows: values } = await source.query<{ last: string; isCalled: boolean }>(
      `SELECT last_value::text AS last, is_called AS "isCalled" FROM ${name}`,
    );
    for (const { last, isCalled } of values)
      await target.query("SELECT setval($1::regclass, $2::bigint, $3)", [name, last, isCalled]);
  }
}
