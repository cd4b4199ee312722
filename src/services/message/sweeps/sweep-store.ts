import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

/** Records a sweep, or a later moment of one; what is undone stays undone. */
export const put = (tx: Tx<Tables>, id: Id, userId: Id, untilMs: number) =>
  tx
    .insertInto("message.sweeps")
    .values({ id, user_id: userId, until_ms: untilMs })
    .onConflict((c) => c.column("id").doUpdateSet({ until_ms: untilMs }))
    .execute();

export const setUndone = (tx: Tx<Tables>, id: Id, userId: Id) =>
  tx
    .insertInto("message.sweeps")
    .values({ id, user_id: userId, until_ms: 0, is_undone: true })
    .onConflict((c) => c.column("id").doUpdateSet({ is_undone: true }))
    .execute();

/** Removes some messages of a swept account, which the sweep keeps in mind; yields how many, 0 at the end. */
export async function removeSome(tx: Tx<Tables>, id: Id, limit: number): Promise<number> {
  const sweep = await lock(tx, id);
  if (!sweep || sweep.isUndone) return 0;
  const { numAffectedRows = 0n } = await sql`
    WITH batch AS (
           SELECT m.conversation_id, m.created_at_ms FROM message.conversations c
           JOIN message.messages m ON m.conversation_id = c.id
           WHERE c.user_id = ${sweep.userId} AND m.sender_id = ${sweep.userId} AND NOT m.is_removed
             AND m.created_at_ms <= ${sweep.untilMs}::bigint
           LIMIT ${limit} FOR UPDATE OF m),
         removed AS (
           UPDATE message.messages m SET is_removed = true FROM batch
           WHERE (m.conversation_id, m.created_at_ms) = (batch.conversation_id, batch.created_at_ms) RETURNING m.id)
    INSERT INTO message.swept_messages (sweep_id, message_id) SELECT ${id}, removed.id FROM removed`.execute(tx);
  return Number(numAffectedRows);
}

/** Brings back some messages of a sweep that is undone; yields how many, 0 at the end. */
export async function restoreSome(tx: Tx<Tables>, id: Id, limit: number): Promise<number> {
  await lock(tx, id);
  const { numAffectedRows = 0n } = await sql`
    WITH batch AS (SELECT message_id FROM message.swept_messages WHERE sweep_id = ${id} LIMIT ${limit}),
         gone AS (DELETE FROM message.swept_messages s USING batch
                  WHERE s.sweep_id = ${id} AND s.message_id = batch.message_id RETURNING s.message_id)
    UPDATE message.messages m SET is_removed = false FROM gone WHERE m.id = gone.message_id`.execute(tx);
  return Number(numAffectedRows);
}

const lock = (tx: Tx<Tables>, id: Id) =>
  tx
    .selectFrom("message.sweeps")
    .select(["user_id as userId", "until_ms as untilMs", "is_undone as isUndone"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
