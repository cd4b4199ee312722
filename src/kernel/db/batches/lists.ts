import { type Expression, type SelectQueryBuilder, sql } from "kysely";
import type { Reader } from "../transaction.ts";
import type { Id } from "../../fields.ts";
import { readCursor, writeCursor } from "../../cursor.ts";
import { type PageInput, rowsByNumberMax } from "../../page.ts";
import { Gather } from "./gather.ts";
import type { Db } from "../port.ts";
import type { Reading } from "../positions.ts";

export interface Page<Row> {
  readonly items: Row[];
  readonly next: string | null;
  readonly total?: number;
}

/** The types of a list's parameters: whole numbers, booleans, and lists of ids. */
interface Kinds {
  readonly bigint: number;
  readonly boolean: boolean;
  readonly "bigint[]": readonly Id[];
}
type Asks = Readonly<Record<string, keyof Kinds>>;
type Given<A extends Asks> = { readonly [Name in keyof A]: Kinds[A[Name]] };
type Asked<A extends Asks> = { readonly [Name in keyof A]: Expression<Kinds[A[Name]]> };

interface Declared<DB, A extends Asks, Of, TB extends keyof Of, Row> {
  /** The parameters by which the lists differ, with their types. */
  readonly asks: A;
  /** The rows of one of them, unordered, read from an index that has what was asked for first and then the key. */
  readonly rows: (db: Reader<DB>, ask: Asked<A>) => SelectQueryBuilder<Of, TB, Row>;
  /** The columns of the sort key (whole numbers, ending in the id) and the names they have in the answer. */
  readonly key: Readonly<Record<string, string & keyof Row>>;
  readonly order?: "asc" | "desc";
}

/** No sort key comes before it. */
const first = { asc: "-9223372036854775808", desc: "9223372036854775807" };
/** Pages that one statement reads at most. */
const pagesMax = 32;

/**
 * Pages of lists that are alike and differ by what they are of and who looks; those that are asked for at once are read by
 * one statement. As `pageOf`, for lists that many look at.
 */
export function createLists<DB, const A extends Asks, Of, TB extends keyof Of, Row extends object>(
  db: Db<DB>,
  { asks, rows: rowsOf, key, order = "desc" }: Declared<DB, A, Of, TB, Row>,
): (given: Given<A>, page: PageInput, reading?: Reading) => Promise<Page<Row>> {
  interface PageRequest {
    readonly given: Given<A>;
    readonly page: PageInput;
  }
  const columns = Object.keys(key);
  const names = Object.values(key);
  const direction = sql.raw(order);
  const askColumns = Object.fromEntries(
    Object.keys(asks).map((name) => [name, sql.ref(`ask.${name}`)]),
  ) as unknown as Asked<A>; // As `ask` reads them.

  /** The inputs, a row for each page. Behind a SELECT, as in `anyOf`: it is planned once for any number of pages. */
  function ask(requests: readonly PageRequest[]) {
    const keys = requests.map(({ page: { cursor } }) =>
      cursor === undefined ? columns.map(() => first[order]) : readCursor(cursor, columns.length),
    );
    const parts = [
      ...Object.entries(asks).map(([name, kind]) => {
        const values = requests.map(({ given }) => given[name]);
        // There are no arrays of arrays of different lengths: each is written as text, and read once for its page.
        const isList = kind === "bigint[]";
        const list = isList ? (values as readonly (readonly Id[])[]).map((ids) => `{${ids.join()}}`) : values; // By its kind.
        return { name, kind, type: isList ? "text" : kind, list };
      }),
      ...columns.map((_, n) => ({ name: `key${n}`, kind: "bigint", type: "bigint", list: keys.map((ids) => ids[n]) })),
      { name: "most", kind: "integer", type: "integer", list: requests.map(({ page }) => page.limit + 1) },
      { name: "skipped", kind: "integer", type: "integer", list: requests.map(({ page }) => page.skip) },
      { name: "counts", kind: "boolean", type: "boolean", list: requests.map(({ page }) => page.count) },
    ];
    const arrays = parts.map(({ list, type }) => sql`(SELECT ${list}::${sql.raw(type)}[])`);
    const read = parts.map(({ name, kind }) => sql`list.${sql.ref(name)}::${sql.raw(kind)} AS ${sql.ref(name)}`);
    return sql`(SELECT list.place, ${sql.join(read)} FROM unnest(${sql.join(arrays)})
      WITH ORDINALITY AS list (${sql.join(parts.map(({ name }) => sql.ref(name)))}, place) OFFSET 0)`;
  }

  async function read(reader: Reader<DB>, requests: readonly PageRequest[]): Promise<Page<Row>[]> {
    const rows = rowsOf(reader, askColumns);
    const ordered = columns.reduce((query, column) => query.orderBy(sql.ref(column), order), rows);
    const beyond = columns.map((_, n) => sql.ref(`ask.key${n}`));
    const after = order === "asc" ? sql`>` : sql`<`;
    const page = ordered.where(
      sql<boolean>`(${sql.join(columns.map((c) => sql.ref(c)))}) ${after} (${sql.join(beyond)})`,
    );
    const few = rows.clearSelect().select(sql<number>`1`.as("one"));
    const { rows: pageRows } = await sql<Row & { kinora_place: number; kinora_total: number | null }>`
      SELECT ask.place::integer AS kinora_place, ask.total::integer AS kinora_total, page.*
      FROM (
        SELECT ask.*, CASE WHEN ask.counts THEN
                 (SELECT count(*) FROM (${few} LIMIT ${sql.lit(rowsByNumberMax + 1)}) AS few) END AS total
        FROM ${ask(requests)} AS ask OFFSET 0
      ) AS ask LEFT JOIN LATERAL (${page} LIMIT ask.most OFFSET ask.skipped) AS page ON true
      ORDER BY ask.place, ${sql.join(names.map((name) => sql`page.${sql.ref(name)} ${direction}`))}`.execute(reader);
    const byPlace = Map.groupBy(pageRows, ({ kinora_place }) => kinora_place);
    return requests.map(({ page: { limit, count } }, n) => {
      const requestRows = byPlace.get(n + 1) ?? [];
      const total = requestRows[0]?.kinora_total ?? 0;
      const items = requestRows.flatMap(({ kinora_place: _, kinora_total: __, ...row }) => {
        const item = row as unknown as Row; // Without the columns that were removed.
        return names.every((name) => item[name] !== null) ? [item] : [];
      });
      const pageItems = items.slice(0, limit);
      const last = pageItems.at(-1);
      const next = items.length > limit && last ? writeCursor(names.map((name) => Number(last[name]))) : null;
      return { items: pageItems, next, ...(count && { total }) };
    });
  }

  const pages = new Gather<DB, PageRequest, Page<Row>>(db, read, { keysMax: pagesMax });
  return async (given, page, reading) => {
    // A forged cursor fails its own request only, not the others of the same statement.
    if (page.cursor !== undefined) readCursor(page.cursor, columns.length);
    const answer = await pages.get({ given, page }, reading);
    return answer ?? { items: [], next: null };
  };
}
