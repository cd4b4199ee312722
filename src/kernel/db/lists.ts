import { type Expression, type SelectQueryBuilder, sql } from "kysely";
import type { Id } from "../contract.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import { type PageInput, rowsByNumberMax } from "../page.ts";
import { Gather } from "./gather.ts";
import type { Db, Reader } from "./port.ts";

interface Page<Row> {
  readonly items: Row[];
  readonly next: string | null;
  readonly total?: number;
}
interface Asked {
  readonly whose: Id;
  readonly page: PageInput;
}

/** No sort key comes before it where the newest is first. */
const first = "9223372036854775807";
/** Pages that one statement reads at most. */
const pagesMax = 32;

/**
 * Pages of lists that are alike and differ by what they are of, newest first; those that are asked for at once are read by
 * one statement. As `pageOf`, for lists that many look at.
 * @param listOf the rows of the list of `whose`, unordered, read from an index that begins with it and goes on in the order of the key.
 * @param key the columns of the sort key (whole numbers, ending in the id) and the names they have in the answer.
 */
export function listsOf<DB, TB extends keyof DB, Row extends object>(
  db: Db<DB>,
  listOf: (db: Reader<DB>, whose: Expression<Id>) => SelectQueryBuilder<DB, TB, Row>,
  key: Readonly<Record<string, string & keyof Row>>,
): (whose: Id, page: PageInput) => Promise<Page<Row>> {
  const columns = Object.keys(key);
  const names = Object.values(key);

  async function read(reader: Reader<DB>, asked: readonly Asked[]): Promise<Page<Row>[]> {
    const keys = asked.map(({ page: { cursor } }) =>
      cursor === undefined ? columns.map(() => first) : readCursor(cursor, columns.length),
    );
    const rows = listOf(reader, sql<Id>`ask.whose`);
    const ordered = columns.reduce((query, column) => query.orderBy(sql.ref(column), "desc"), rows);
    const beyond = columns.map((_, n) => sql.ref(`ask.key${n}`));
    const page = ordered.where(sql<boolean>`(${sql.join(columns.map((c) => sql.ref(c)))}) < (${sql.join(beyond)})`);
    const few = rows.clearSelect().select(sql<number>`1`.as("one"));
    const { rows: found } = await sql<Row & { kinora_place: number; kinora_total: number | null }>`
      SELECT ask.place::integer AS kinora_place, ask.total::integer AS kinora_total, page.*
      FROM (
        SELECT ask.*, CASE WHEN ask.counts THEN
                 (SELECT count(*) FROM (${few} LIMIT ${sql.lit(rowsByNumberMax + 1)}) AS few) END AS total
        FROM unnest(${asked.map(({ whose }) => whose)}::bigint[], ${asked.map(({ page: { limit } }) => limit + 1)}::integer[],
                    ${asked.map(({ page: { skip } }) => skip)}::integer[], ${asked.map(({ page: { count } }) => count)}::boolean[],
                    ${sql.join(columns.map((_, n) => sql`${keys.map((parts) => parts[n])}::bigint[]`))})
             WITH ORDINALITY AS ask (whose, most, skipped, counts, ${sql.join(beyond.map((_, n) => sql.ref(`key${n}`)))}, place)
        OFFSET 0
      ) AS ask LEFT JOIN LATERAL (${page} LIMIT ask.most OFFSET ask.skipped) AS page ON true
      ORDER BY ask.place, ${sql.join(names.map((name) => sql`page.${sql.ref(name)} DESC`))}`.execute(reader);
    const byPlace = Map.groupBy(found, ({ kinora_place }) => kinora_place);
    return asked.map(({ page: { limit, count } }, n) => {
      const own = byPlace.get(n + 1) ?? [];
      const total = own[0]?.kinora_total ?? 0;
      const items = own.flatMap(({ kinora_place: _, kinora_total: __, ...row }) => {
        const item = row as unknown as Row; // What is left of it.
        return names.every((name) => item[name] !== null) ? [item] : [];
      });
      const shown = items.slice(0, limit);
      const last = shown.at(-1);
      const next = items.length > limit && last ? writeCursor(names.map((name) => Number(last[name]))) : null;
      return { items: shown, next, ...(count && { total }) };
    });
  }

  const pages = new Gather<DB, Asked, Page<Row>>(db, read, { keysMax: pagesMax });
  return async (whose, page) => {
    // A forged cursor is its sender's own fault, not that of those who ask at the same time.
    if (page.cursor !== undefined) readCursor(page.cursor, columns.length);
    const found = await pages.one({ whose, page });
    return found ?? { items: [], next: null };
  };
}
