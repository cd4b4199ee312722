import type { Horizon } from "#kernel/db/changes";
import type { Db, Tables, Write } from "../store.ts";

export type SnapshotRow = Tables["search.snapshots"];

export const latest = (db: Db): Promise<SnapshotRow | undefined> =>
  db.selectFrom("search.snapshots").selectAll().orderBy("id", "desc").limit(1).executeTakeFirst();

/** The last snapshot of the table as it is: one that was restored or rewritten has other rows. */
export const latestOf = (db: Db, { endedTx, storage }: Horizon, format: number): Promise<SnapshotRow | undefined> =>
  db
    .selectFrom("search.snapshots")
    .selectAll()
    .where("storage", "=", storage)
    .where("format", "=", format)
    .where("ended_tx", "<=", endedTx)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();

export const insert = (tx: Write, row: SnapshotRow) => tx.insertInto("search.snapshots").values(row).execute();

/** Deletes all but the latest `keptMax` snapshots. Returns the keys of these. */
export async function deleteOldest(tx: Write, keptMax: number): Promise<string[]> {
  const rows = await tx.selectFrom("search.snapshots").select(["id", "key"]).orderBy("id", "desc").execute();
  const kept = rows.slice(0, keptMax);
  await tx
    .deleteFrom("search.snapshots")
    .where("id", "<", kept.at(-1)?.id ?? 0)
    .execute();
  return kept.map(({ key }) => key);
}
