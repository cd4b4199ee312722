import { Kysely, type KyselyConfig, type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import pg from "pg";
import type { Reader, Tx } from "./transaction.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import { hasMoved } from "./following-pool.ts";
import { markAnswered, storeAnswer } from "./idempotency/idempotency.ts";
import { type PageInput, rowsByNumberMax } from "../page.ts";
import type { Reading } from "./positions.ts";
import type { KernelTables } from "./tables.ts";

/** SQLSTATE of what PostgreSQL ends to resolve a deadlock or a serialisation conflict. */
const restartable = ["40001", "40P01"];
const attemptsMax = 5;
/** SQLSTATE of a value that is there already. */
const uniqueViolation = "23505";
/**
 * True for an id that is there already. No two processes make the same, as long as nobody edits their node numbers; a
 * second attempt makes another.
 */
const isIdTaken = ({ code, constraint = "" }: pg.DatabaseError): boolean =>
  code === uniqueViolation && constraint.endsWith("_pkey");

/** Work that a commit leaves for this process: events to publish, pending events to retry, jobs of a kind to run. */
export type Left = "events" | "pending events" | `job ${string}`;
const leftBy = new WeakMap<object, Set<Left>>();

/**
 * Records what work `tx` leaves, so that its commit wakes the worker for it; commits that leave none wake no worker.
 */
export function leaves(tx: object, what: Left): void {
  const work = leftBy.get(tx);
  if (work) work.add(what);
  else leftBy.set(tx, new Set([what]));
}

interface Pool extends Pick<pg.Pool, "totalCount" | "idleCount"> {
  /** True where the tables were found in another database than at the start. */
  readonly isMoved?: boolean;
}

/** The replicas of a database: they serve reads that may be answered from them. */
export interface Replication {
  /** How a service reads from them; `primary` is where a read is repeated that failed on a replica. */
  readersOf<Tables>(service: string, primary: Kysely<Tables>): Readers<Tables>;
}
export interface Readers<Tables> {
  /** A replica that has replayed what the call relies on; undefined where the primary is to be read. */
  for(call: Reading): Reader<Tables> | undefined;
}

interface DbParts {
  readonly service: string;
  /** Called after a commit for each kind of what it left, so that a relay or a worker can look immediately. */
  readonly committed: (left: Left) => void;
  readonly pool: Pool;
  readonly replication?: Replication | undefined;
  /** Closes the pool where it is of this service alone. */
  readonly close?: () => Promise<void>;
}

export class Db<Tables> extends Kysely<Tables> {
  readonly #committed: (left: Left) => void;
  /** The connections it shares with the other services on its database. */
  readonly pool: Pool;
  readonly #readers: Readers<Tables> | undefined;
  readonly #close: (() => Promise<void>) | undefined;

  constructor(config: KyselyConfig, { service, committed, pool, replication, close }: DbParts) {
    super(config);
    this.#committed = committed;
    this.pool = pool;
    this.#readers = replication?.readersOf<Tables>(service, this);
    this.#close = close;
  }

  /** True if some reads may be answered by a replica. */
  get hasReplicas(): boolean {
    return this.#readers !== undefined;
  }

  /**
   * The reader for queries that decide nothing: a replica that has replayed the commits the call relies on, else the
   * primary. Queries that grant access use this object itself, which is the primary.
   */
  read(call: Reading): Reader<Tables> {
    if (this.pool.isMoved === true) return this;
    return this.#readers?.for(call) ?? this;
  }

  /** Connections of the pool that are at work, for whichever service. */
  inUse(): number {
    return this.pool.totalCount - this.pool.idleCount;
  }

  /**
   * Commits what `work` does, all or nothing. It runs again when PostgreSQL chose it to end a deadlock, and when its
   * tables moved to another database; once when an id of it is there already.
   */
  async tx<R>(work: (tx: Tx<Tables>) => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        let pendingWork: ReadonlySet<Left> | undefined;
        const result = await this.transaction().execute(async (tx) => {
          const answer = await work(tx);
          pendingWork = leftBy.get(tx);
          return answer;
        });
        for (const what of pendingWork ?? []) this.#committed(what);
        return result;
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error;
        const again = restartable.includes(error.code ?? "") || hasMoved(error) || (attempt === 1 && isIdTaken(error));
        if (!again || attempt === attemptsMax) throw error;
      }
    }
  }

  /**
   * As {@link tx}, for the transaction by which a command that may not run twice does what it is for: what it yields is the
   * command's answer, and is stored with it where the command has an idempotency key.
   */
  async answer<R extends object>(work: (tx: Tx<Tables>) => Promise<R>): Promise<R> {
    const answer = await this.tx(async (tx) => {
      const result = await work(tx);
      await storeAnswer(this, tx as unknown as Tx<KernelTables>, result); // Every service's schema has the kernel's tables.
      return result;
    });
    markAnswered(this);
    return answer;
  }

  /**
   * Everything `work` reads is of one snapshot: rows of several statements may otherwise never have been true together.
   */
  async moment<R>(work: (reader: Reader<Tables>) => Promise<R>): Promise<R> {
    const read = () => this.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);
    return read().catch((error: unknown) => {
      if (hasMoved(error)) return read();
      throw error;
    });
  }

  /** Waits for running queries and closes the connections that are of this service alone. */
  async close(): Promise<void> {
    await this.#close?.();
  }
}

const total = "kinora_total";

/** The fields of a row that a cursor can hold. */
type NumberField<Row> = {
  [Name in string & keyof Row]: Exclude<Row[Name], null> extends number ? Name : never;
}[string & keyof Row];

/**
 * One page of an unordered query, newest first by default.
 * @param key the columns of the sort key (whole numbers, ending in the id) and the names they have in the answer.
 * @param counting `along` where no index has the order, so that every row is read to be sorted and may be counted then.
 */
export async function pageOf<DB, TB extends keyof DB, Row>(
  db: Reader<NoInfer<DB>>,
  rows: SelectQueryBuilder<DB, TB, Row>,
  key: Readonly<Record<string, NumberField<Row>>>,
  { cursor, skip, limit, count }: PageInput,
  order: "asc" | "desc" = "desc",
  counting: "apart" | "along" = "apart",
): Promise<{ items: Row[]; next: string | null; total?: number }> {
  const columns = Object.keys(key);
  let pageQuery = rows;
  if (cursor !== undefined) {
    const last = readCursor(cursor, columns.length).map((part) => sql`${part}::bigint`);
    const beyond = order === "desc" ? sql`<` : sql`>`;
    pageQuery = pageQuery.where(
      sql<boolean>`(${sql.join(columns.map((c) => sql.ref(c)))}) ${beyond} (${sql.join(last)})`,
    );
  }
  for (const column of columns) pageQuery = pageQuery.orderBy(sql.ref(column), order);
  // Written out: a plan for any number of rows looks dearer than one for these, and one would be made for each execution.
  pageQuery = pageQuery.limit(sql.lit(limit + 1));
  if (skip > 0) pageQuery = pageQuery.offset(skip);
  const few = rows
    .clearSelect()
    .select(sql<number>`1`.as("one"))
    .limit(sql.lit(rowsByNumberMax + 1));
  const counted = sql<number>`(SELECT count(*) FROM (${few}) AS few)`;
  const along = sql<number>`least(count(*) OVER (), ${sql.lit(rowsByNumberMax + 1)})`;
  // The page and how many there are, in one statement.
  const selected: (Row & { [total]?: number })[] = count
    ? await pageQuery.select((counting === "along" ? along : counted).as(total)).execute()
    : await pageQuery.execute();
  const items = selected.slice(0, limit);
  const last = items.at(-1);
  const next =
    selected.length > limit && last ? writeCursor(Object.values(key).map((name) => Number(last[name]))) : null;
  if (!count) return { items, next };
  const most = selected[0]?.[total] ?? (skip === 0 ? 0 : await countOf(db, counted));
  for (const item of items) delete item[total];
  return { items, next, total: most };
}

/** A page beyond the last row has no row to say how many there are. */
async function countOf<DB>(db: Reader<DB>, counted: RawBuilder<number>): Promise<number> {
  const { rows } = await sql<{ total: number }>`SELECT ${counted} AS total`.execute(db);
  return rows[0]?.total ?? 0;
}
