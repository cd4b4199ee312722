import pg from "pg";
import { connectionOf, type DbAddress } from "../pool.ts";

const batchBytes = 2 ** 20;
const batchRowsMax = 5_000;

/** Both ends of a move write the text of a row alike. */
const settings = `SET search_path = ''; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET client_encoding = 'UTF8'`;

/** A connection of its own to one end of a move. */
export type Session = pg.Client & AsyncDisposable;

export async function openSession(address: DbAddress): Promise<Session> {
  const client = new pg.Client({ ...connectionOf(address), connectionTimeoutMillis: 10_000, keepAlive: true });
  // The next statement fails, and says why.
  client.on("error", () => undefined);
  await client.connect();
  await client.query(settings);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end().catch(() => undefined) });
}

/** Runs `work` in a transaction of both sessions. The target commits first: what it has twice is the same rows. */
export async function inBoth<R>(
  source: pg.Client,
  target: pg.Client,
  begin: string,
  work: () => Promise<R>,
): Promise<R> {
  try {
    await source.query(begin);
    await target.query("BEGIN");
    const result = await work();
    await target.query("COMMIT");
    await source.query("COMMIT");
    return result;
  } catch (error) {
    await Promise.all([source, target].map((client) => client.query("ROLLBACK").catch(() => undefined)));
    throw error;
  }
}

/** The rows of a query with one column of text, in batches of about a mebibyte; inside a transaction. */
export async function* batchesOf(client: pg.Client, query: string): AsyncGenerator<string[]> {
  await client.query(`DECLARE batches NO SCROLL CURSOR FOR ${query}`);
  for (let limit = 100; ; ) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${limit} FROM batches`);
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
    const bytes = rows.reduce((sum, { row }) => sum + row.length, 0);
    limit = Math.min(batchRowsMax, Math.max(1, Math.floor((rows.length * batchBytes) / Math.max(1, bytes))));
  }
  await client.query("CLOSE batches");
}
