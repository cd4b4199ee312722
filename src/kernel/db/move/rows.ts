import type pg from "pg";
import type { MovedTable } from "./catalogue.ts";
import { batchesOf } from "./session.ts";

/** The rows of a move are not the same at both ends. */
export class RowsDiffer extends Error {
  constructor({ name }: MovedTable, source: Sum, target: Sum) {
    const count = source.rows === target.rows ? "other" : "more or fewer";
    super(`${name} has ${count} rows in the new database: ${target.rows}, and ${source.rows} in the old one`);
    this.name = "RowsDiffer";
  }
}

interface Ends {
  readonly source: pg.Client;
  readonly target: pg.Client;
}

/** Copies all rows of a snapshot into empty tables; yields their number. */
export async function copyRows({ source, target }: Ends, tables: readonly MovedTable[]): Promise<number> {
  let count = 0;
  for (const table of tables)
    for await (const rows of batchesOf(source, `SELECT t::text AS row FROM ${table.name} AS t`)) {
      await insert(target, table.name, table.columns, rows);
      count += rows.length;
    }
  return count;
}

/**
 * Brings the target from an earlier snapshot of the source to the one of this transaction: rows with a recorded key are
 * deleted there and inserted as they are. At each moment the target has a part of one snapshot, so no unique index fails.
 * @returns how many keys were recorded
 */
export async function carryChanges(ends: Ends, tables: readonly MovedTable[]): Promise<number> {
  const { source, target } = ends;
  const changed = await changedAmong(source, tables);
  let count = 0;
  for (const table of changed) {
    const { name, keys, key, columns } = table;
    for await (const rows of batchesOf(source, `SELECT DISTINCT k::text AS row FROM ${keys} AS k`)) {
      await insert(target, keys, key, rows);
      count += rows.length;
    }
    await Promise.all([source, target].map((client) => client.query(`ANALYZE ${keys}`)));
    await target.query(`DELETE FROM ${name} WHERE ${isRecorded(table)}`);
    const rowsNow = `SELECT t::text AS row FROM ${name} AS t WHERE ${isRecorded(table)}`;
    for await (const rows of batchesOf(source, rowsNow)) await insert(target, name, columns, rows);
  }
  await compareRows(ends, changed, isRecorded);
  for (const { keys } of changed)
    await Promise.all([source, target].map((client) => client.query(`DELETE FROM ${keys}`)));
  return count;
}

const isRecorded = ({ key, keys }: MovedTable): string => `(${key}) IN (SELECT ${key} FROM ${keys})`;

/** Compares number and hash of the rows of each table, or of some of them. @throws RowsDiffer */
export async function compareRows(
  { source, target }: Ends,
  tables: readonly MovedTable[],
  condition: (table: MovedTable) => string = () => "true",
): Promise<number> {
  let count = 0;
  for (const table of tables) {
    const [here, there] = await Promise.all([source, target].map((client) => sumOf(client, table, condition(table))));
    if (!here || !there || here.rows !== there.rows || here.hash !== there.hash)
      throw new RowsDiffer(table, here ?? none, there ?? none);
    count += here.rows;
  }
  return count;
}

interface Sum {
  readonly rows: number;
  readonly hash: string;
}
const none: Sum = { rows: 0, hash: "0" };

/** The sum of 64 bits of the SHA-256 of each row does not depend on their order. */
async function sumOf(client: pg.Client, { name }: MovedTable, condition: string): Promise<Sum> {
  const { rows } = await client.query<Sum>(
    `SELECT count(*) AS rows, coalesce(sum(
       ('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric), 0)::text AS hash
     FROM ${name} AS t WHERE ${condition}`,
  );
  return rows[0] ?? none;
}

async function changedAmong(source: pg.Client, tables: readonly MovedTable[]): Promise<MovedTable[]> {
  const { rows } = await source.query<{ table: string }>(
    tables
      .map(({ table, keys }) => `SELECT ${source.escapeLiteral(table)} AS "table" WHERE EXISTS (SELECT FROM ${keys})`)
      .join(" UNION ALL "),
  );
  return tables.filter(({ table }) => rows.some((row) => row.table === table));
}

/** Inserts rows that are given as PostgreSQL writes them. */
const insert = (client: pg.Client, name: string, columns: string, rows: readonly string[]) =>
  client.query(
    `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM unnest($1::${name}[])`,
    [rows],
  );
