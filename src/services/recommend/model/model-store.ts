import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

export type ModelRow = Tables["recommend.models"];

/** Models, the latest first. */
export const models = (db: Db) => db.selectFrom("recommend.models").selectAll().orderBy("id", "desc").execute();

/** Models that viewers have, in the order of their ids. */
export const listServed = (db: Db) =>
  db.selectFrom("recommend.models").select(["id", "key", "share"]).where("share", ">", 0).orderBy("id").execute();

export const insert = (tx: Tx<Tables>, row: ModelRow) => tx.insertInto("recommend.models").values(row).execute();

/** Gives this share of viewers, in per cent, this model, and the others the rest. @returns true if the model exists */
export async function setShare(tx: Tx<Tables>, id: Id, share: number): Promise<boolean> {
  const { rows } = await sql<{ id: Id; share: number }>`
    SELECT id, share FROM recommend.models ORDER BY id FOR UPDATE`.execute(tx);
  if (!rows.some((row) => row.id === id)) return false;
  // The remaining viewers get the other model that most viewers have.
  const [other] = rows.filter((row) => row.id !== id).toSorted((a, b) => b.share - a.share || b.id - a.id);
  const shares = new Map<Id, number>([[id, other === undefined && share > 0 ? 100 : share]]);
  if (other) shares.set(other.id, 100 - share);
  await sql`UPDATE recommend.models AS m SET share = coalesce(given.share, 0)
    FROM recommend.models AS own LEFT JOIN unnest(${[...shares.keys()]}::bigint[], ${[...shares.values()]}::integer[])
      AS given (id, share) ON given.id = own.id
    WHERE m.id = own.id`.execute(tx);
  return true;
}

/** Deletes the oldest models without viewers, beyond a number of them; yields their keys. */
export async function deleteOldest(tx: Tx<Tables>, keptMax: number): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    DELETE FROM recommend.models WHERE share = 0 AND id IN (
      SELECT id FROM recommend.models ORDER BY id DESC OFFSET ${keptMax}) RETURNING key`.execute(tx);
  return rows.map(({ key }) => key);
}

export async function countSignals(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::integer AS count FROM recommend.signals`.execute(db);
  return rows[0]?.count ?? 0;
}
