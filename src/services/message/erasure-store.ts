import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "./store.ts";

/** Marks an inbox as deleted: transactions that locked it before have committed, and later ones find the mark. */
export const markDeleted = (tx: Tx<Tables>, userId: Id, atMs: number) =>
  sql`INSERT INTO message.inboxes (user_id, deleted_at_ms) VALUES (${userId}, ${atMs})
      ON CONFLICT (user_id) DO UPDATE SET deleted_at_ms = ${atMs}`.execute(tx);

/**
 * Deletes some rows of a deleted account; yields how many. Its messages stay with their receivers,
 * save requests that were not accepted; a message on neither side is deleted.
 */
export async function deleteSome(tx: Tx<Tables>, userId: Id, some: number): Promise<number> {
  const { rows: sides } = await sql<{ id: Id }>`
    DELETE FROM message.conversations WHERE (user_id, id) IN (
      SELECT user_id, id FROM message.conversations WHERE user_id = ${userId}
      UNION ALL SELECT user_id, id FROM message.conversations WHERE other_id = ${userId} AND is_request LIMIT ${some})
    RETURNING id`.execute(tx);
  await sql`DELETE FROM message.messages m WHERE m.conversation_id = ANY(${sides.map(({ id }) => id)}::bigint[])
            AND NOT EXISTS (SELECT FROM message.conversations c WHERE c.id = m.conversation_id AND c.cleared_to_ms < m.created_at_ms)`.execute(
    tx,
  );
  const deleted = await sql`
    WITH sent AS (DELETE FROM message.notifications WHERE (user_id, seq) IN (
           SELECT user_id, seq FROM message.notifications WHERE user_id = ${userId}
           UNION SELECT user_id, seq FROM message.notifications WHERE sender_id = ${userId} LIMIT ${some}) RETURNING 1),
         updates AS (DELETE FROM message.updates WHERE (user_id, seq) IN (
           SELECT user_id, seq FROM message.updates WHERE user_id = ${userId} LIMIT ${some}) RETURNING 1),
         chosen AS (DELETE FROM message.settings WHERE user_id = ${userId} RETURNING 1),
         swept AS (DELETE FROM message.sweeps WHERE user_id = ${userId} RETURNING 1),
         due AS (DELETE FROM message.due_mails WHERE user_id = ${userId} RETURNING 1),
         devices AS (DELETE FROM message.push_subscriptions WHERE user_id = ${userId} RETURNING 1)
    SELECT 1 FROM sent UNION ALL SELECT 1 FROM updates UNION ALL SELECT 1 FROM chosen UNION ALL SELECT 1 FROM swept
    UNION ALL SELECT 1 FROM due UNION ALL SELECT 1 FROM devices`.execute(tx);
  return sides.length + deleted.rows.length;
}

/** Deletes marks that are older than any event or call. */
export const deleteMarks = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("message.inboxes").where("deleted_at_ms", "<", beforeMs).execute();
