import { sql } from "kysely";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { Reader, Tx } from "../db/transaction.ts";

/** A value of a key: it is the current one until a later one begins. */
export interface KeyRow {
  readonly name: string;
  /** By the database's clock. */
  readonly startsAtMs: number;
  /** Negative once it has begun. */
  readonly startsInMs: number;
  readonly sealed: string;
}

/** All values of the service's keys, the latest of each first. */
export async function list(db: Reader<KernelTables>): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    SELECT name, starts_at_ms AS "startsAtMs", starts_at_ms - ${clockMs} AS "startsInMs", sealed
    FROM ${kernel.keys} ORDER BY name, starts_at_ms DESC`.execute(db);
  return rows;
}

/** Stores a value, unless another process has just stored one that begins at the same instant. */
export const insert = (
  db: Reader<KernelTables>,
  { name, startsAtMs, sealed }: Omit<KeyRow, "startsInMs">,
): Promise<unknown> =>
  db
    .insertInto("keys")
    .values({ name, starts_at_ms: startsAtMs, sealed })
    .onConflict((conflict) => conflict.columns(["name", "starts_at_ms"]).doNothing())
    .execute();

/** The database's clock, once no other transaction changes this key before this one ends. */
export async function lock(tx: Tx<KernelTables>, name: string): Promise<number> {
  await sql`SELECT FROM ${kernel.keys} WHERE name = ${name} FOR UPDATE`.execute(tx);
  const { rows } = await sql<{ now: number }>`SELECT ${clockMs} AS now`.execute(tx);
  return rows[0]?.now ?? 0;
}

/** Stores the value of a row sealed anew. */
export const replaceSealed = (tx: Tx<KernelTables>, row: KeyRow, sealed: string): Promise<unknown> =>
  tx
    .updateTable("keys")
    .set({ sealed })
    .where("name", "=", row.name)
    .where("starts_at_ms", "=", row.startsAtMs)
    .execute();

/** Deletes the values that began before this instant. */
export const removeBefore = (tx: Tx<KernelTables>, name: string, startsAtMs: number): Promise<unknown> =>
  tx.deleteFrom("keys").where("name", "=", name).where("starts_at_ms", "<", startsAtMs).execute();
