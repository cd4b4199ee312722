import type { Horizon } from "#kernel/db/changes";
import { sql } from "kysely";
import type { Db, Tables, Write } from "../store.ts";
import type { ShardNumber } from "./index-part.ts";

export type SnapshotRow = Tables["search.snapshots"];

export const latest = (db: Db, { number, count }: ShardNumber): Promise<SnapshotRow | undefined> =>
  db
    .selectFrom("search.snapshots")
    .selectAll()
    .where("shard", "=", number)
    .where("shards", "=", count)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();

/** The last snapshot of the table as it is: one that was restored or rewritten has other rows. */
export const latestOf = (
  db: Db,
  { number, count }: ShardNumber,
  { endedTx, storage }: Horizon,
  format: number,
): Promise<SnapshotRow | undefined> =>
  db
    .selectFrom("search.snapshots")
    .selectAll()
    .where("shard", "=", number)
    .where("shards", "=", count)
    .where("storage", "=", storage)
    .where("format", "=", format)
    .where("ended_tx", "<=", endedTx)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();

export const insert = (tx: Write, row: SnapshotRow) => tx.insertInto("search.snapshots").values(row).execute();

/**
 * Deletes the older ones of each shard beyond so many, and those of another number of shards that were made before a time;
 * yields the keys of those that stay.
 */
export async function deleteOldest(
  tx: Write,
  { count }: ShardNumber,
  { keptMax, beforeMs }: { readonly keptMax: number; readonly beforeMs: number },
): Promise<string[]> {
  await sql`
    DELETE FROM search.snapshots WHERE (shards <> ${count} AND created_at_ms < ${beforeMs}) OR id IN (
      SELECT id FROM
        (SELECT id, row_number() OVER (PARTITION BY shards, shard ORDER BY id DESC) AS place FROM search.snapshots) AS placed
      WHERE place > ${keptMax})`.execute(tx);
  return (await tx.selectFrom("search.snapshots").select("key").execute()).map(({ key }) => key);
}
