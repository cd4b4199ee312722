import type { Kind } from "#events/moderation";
import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

export interface Sweep {
  readonly id: Id;
  readonly userId: Id;
  readonly moderatorId: Id;
  readonly note: string;
  readonly atMs: number;
  readonly undoneAtMs: number | null;
}
const columns = [
  "id",
  "user_id as userId",
  "moderator_id as moderatorId",
  "note",
  "created_at_ms as atMs",
  "undone_at_ms as undoneAtMs",
] as const;

/** The sweep of a user that is in force. */
export const inForce = (db: Db, userId: Id): Promise<Sweep | undefined> =>
  db
    .selectFrom("moderation.sweeps")
    .select(columns)
    .where("user_id", "=", userId)
    .where("undone_at_ms", "is", null)
    .executeTakeFirst();

/** Each job on a sweep locks it: none sets aside what another brings back. */
export const lock = (tx: Tx<Tables>, id: Id): Promise<Sweep | undefined> =>
  tx.selectFrom("moderation.sweeps").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();

export const insert = (tx: Tx<Tables>, row: Tables["moderation.sweeps"]) =>
  tx.insertInto("moderation.sweeps").values(row).execute();

export const setUndone = (tx: Tx<Tables>, id: Id, undone_at_ms: number) =>
  tx.updateTable("moderation.sweeps").set({ undone_at_ms }).where("id", "=", id).execute();

export interface SweptThing {
  readonly kind: Kind;
  readonly id: Id;
}

/**
 * Records some things of the user that no moderator has removed and no sweep has set aside; yields them. Private messages
 * are with the service that has all of them, and a profile is not content.
 */
export async function setSomeAside(tx: Tx<Tables>, { id, userId }: Sweep, limit: number): Promise<SweptThing[]> {
  const { rows } = await sql<SweptThing>`
    INSERT INTO moderation.swept_things (sweep_id, kind, id)
    SELECT ${id}, t.kind, t.id FROM moderation.things t
    WHERE t.author_id = ${userId} AND t.kind NOT IN ('user', 'message')
      AND NOT EXISTS (SELECT FROM moderation.swept_things s WHERE (s.sweep_id, s.kind, s.id) = (${id}, t.kind, t.id))
      AND NOT EXISTS (SELECT FROM moderation.cases c WHERE (c.kind, c.thing_id) = (t.kind, t.id)
                      AND c.state = 'decided' AND c.action = 'remove')
    ORDER BY t.kind, t.id LIMIT ${limit}
    RETURNING kind, id`.execute(tx);
  return rows;
}

/** Forgets some of what a sweep had set aside; yields those that no moderator has removed since. */
export async function takeSome(
  tx: Tx<Tables>,
  sweepId: Id,
  limit: number,
): Promise<{ readonly count: number; readonly things: SweptThing[] }> {
  const { rows } = await sql<SweptThing & { readonly isRemoved: boolean }>`
    WITH batch AS (SELECT kind, id FROM moderation.swept_things WHERE sweep_id = ${sweepId} ORDER BY kind, id LIMIT ${limit}),
         gone AS (DELETE FROM moderation.swept_things s USING batch
                  WHERE s.sweep_id = ${sweepId} AND (s.kind, s.id) = (batch.kind, batch.id) RETURNING s.kind, s.id)
    SELECT gone.kind, gone.id,
           EXISTS (SELECT FROM moderation.cases c WHERE (c.kind, c.thing_id) = (gone.kind, gone.id)
                   AND c.state = 'decided' AND c.action = 'remove') AS "isRemoved"
    FROM gone`.execute(tx);
  const things = rows.filter(({ isRemoved }) => !isRemoved).map(({ kind, id }) => ({ kind, id }));
  return { count: rows.length, things };
}

/**
 * Withdraws the user's reports of open cases. A case that nobody else reported and that is not held is dismissed.
 */
export async function withdrawReports(
  tx: Tx<Tables>,
  { userId, moderatorId, note }: Sweep,
  nowMs: number,
): Promise<void> {
  await sql`
    WITH own AS (
           DELETE FROM moderation.reports r USING moderation.cases c
           WHERE r.reporter_id = ${userId} AND c.id = r.case_id AND c.state = 'open' RETURNING r.case_id)
    UPDATE moderation.cases c SET
      report_count = c.report_count - 1,
      state         = CASE WHEN c.report_count = 1 AND NOT c.is_held THEN 'decided' ELSE c.state END,
      action        = CASE WHEN c.report_count = 1 AND NOT c.is_held THEN 'dismiss' ELSE c.action END,
      note          = CASE WHEN c.report_count = 1 AND NOT c.is_held THEN ${note} ELSE c.note END,
      moderator_id  = CASE WHEN c.report_count = 1 AND NOT c.is_held THEN ${moderatorId}::bigint ELSE c.moderator_id END,
      decided_at_ms = CASE WHEN c.report_count = 1 AND NOT c.is_held THEN ${nowMs}::bigint ELSE c.decided_at_ms END
    FROM own WHERE c.id = own.case_id`.execute(tx);
}
