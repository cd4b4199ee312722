import { type RawBuilder, sql } from "kysely";
import type { Tx } from "./transaction.ts";
import type { Id } from "../fields.ts";
import type { Projection } from "./projection.ts";
import type { Db } from "./port.ts";

/** A column that is the sum over rows. A change of those rows changes it in the same transaction. */
export interface Count {
  /** The count in words: `likes of video 7`. */
  readonly says: (...key: Id[]) => string;
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
  /** The rows: the columns of the key, and `value`, which is summed up. */
  readonly rows: RawBuilder<unknown>;
  /** True if a missing row is made: there are tables of nothing but counts. */
  readonly isMade?: boolean;
}

interface Wrong {
  readonly key: readonly Id[];
  readonly isThere: boolean;
  readonly counted: number;
  readonly summed: number;
}

const atOnce = 500;

export const createCountProjection = <Tables>(db: Db<Tables>, counts: readonly Count[]): Projection => ({
  // One statement sees counts and rows as of one commit, so that nothing is locked; the first of each kind are enough
  // to report.
  async *drift() {
    for (const count of counts) for (const wrong of await compare(db, count, undefined)) yield sentenceOf(count, wrong);
  },

  async *repair() {
    for (const count of counts) {
      for (let after: readonly Id[] | undefined; ; ) {
        const wrong = await compare(db, count, after);
        for (const { key } of wrong) {
          const was = await db.tx((tx) => recount(tx, count, key));
          if (was) yield was;
        }
        if (wrong.length < atOnce) break;
        after = wrong.at(-1)?.key;
      }
    }
  },
});

const refs = (alias: string, columns: readonly string[]) => columns.map((column) => sql.ref(`${alias}.${column}`));

async function compare<Tables>(
  db: Db<Tables>,
  { table, key, column, rows }: Count,
  after: readonly Id[] | undefined,
): Promise<Wrong[]> {
  const stored = refs("c", key);
  const summed = refs("s", key);
  const either = sql.join(stored.map((column, place) => sql`coalesce(${column}, ${summed[place]})`));
  const both = sql.join(
    stored.map((column, place) => sql`${column} = ${summed[place]}`),
    sql` AND `,
  );
  const beyond = after ? sql`(${either}) > (${sql.join(after.map((part) => sql`${part}::bigint`))})` : sql`true`;
  const value = sql.ref(`c.${column}`);
  const wrongCounts = await sql<Wrong>`
    WITH s AS (SELECT ${sql.join(key.map((part) => sql.ref(part)))}, sum(value)::bigint AS summed
               FROM (${rows}) AS r GROUP BY ${sql.join(key.map((part) => sql.ref(part)))})
    SELECT ARRAY[${either}]::bigint[] AS key, coalesce(${value}, 0)::bigint AS counted, coalesce(s.summed, 0) AS summed,
           ${stored[0]} IS NOT NULL AS "isThere"
    FROM ${sql.table(table)} c FULL JOIN s ON ${both}
    WHERE coalesce(${value}, 0) <> coalesce(s.summed, 0) AND ${beyond}
    ORDER BY ${either} LIMIT ${atOnce}`.execute(db);
  return wrongCounts.rows;
}

/**
 * Recounts under the lock of the count, which every writer of its rows holds until its commit. A change that this does
 * not see yet is added to the new count. One count at a time, so that there is no deadlock.
 */
async function recount<Tables>(tx: Tx<Tables>, count: Count, of: readonly Id[]): Promise<string | undefined> {
  const { table, key, column, rows, isMade = false } = count;
  const keyColumns = sql.join(key.map((part) => sql.ref(part)));
  const values = sql.join(of.map((part) => sql`${part}::bigint`));
  const value = sql.ref(column);
  if (isMade)
    await sql`INSERT INTO ${sql.table(table)} (${keyColumns}) VALUES (${values}) ON CONFLICT DO NOTHING`.execute(tx);
  const locked = await sql<{ counted: number }>`
    SELECT ${value}::bigint AS counted FROM ${sql.table(table)} WHERE (${keyColumns}) = (${values}) FOR UPDATE`.execute(
    tx,
  );
  const [row] = locked.rows;
  const sums = await sql<{ summed: number }>`
    SELECT coalesce(sum(value), 0)::bigint AS summed FROM (${rows}) AS r WHERE (${keyColumns}) = (${values})`.execute(
    tx,
  );
  const summed = sums.rows[0]?.summed ?? 0;
  const wrong: Wrong = { key: of, isThere: row !== undefined, counted: row?.counted ?? 0, summed };
  if (row?.counted === summed) return undefined;
  if (row)
    await sql`UPDATE ${sql.table(table)} SET ${value} = ${summed} WHERE (${keyColumns}) = (${values})`.execute(tx);
  return sentenceOf(count, wrong);
}

const sentenceOf = ({ says, isMade = false }: Count, { key, isThere, counted, summed }: Wrong): string =>
  isThere || isMade
    ? `the ${says(...key)} are counted as ${counted} and there are ${summed}`
    : `there are ${summed} ${says(...key)}, which is not there: that stays as it is`;
