import { sql } from "kysely";
import type { Id } from "#kernel";
import type { Db } from "./store.ts";

/** Counts of unread messages that are not the number of their rows. */
export async function drifted(db: Db) {
  const { rows } = await sql<{ userId: Id; id: Id; counted: number; rows: number }>`
    SELECT c.user_id AS "userId", c.id, c.unread_count AS counted, u.rows FROM conversations c, LATERAL (
      SELECT count(*)::integer AS rows FROM messages m WHERE m.conversation_id = c.id AND m.receiver_id = c.user_id
      AND m.read_at_ms IS NULL AND m.created_at_ms > c.cleared_to_ms) AS u
    WHERE c.unread_count <> u.rows LIMIT 1000`.execute(db);
  return rows;
}

/** Messages that nobody has. */
export async function lost(db: Db) {
  const { rows } = await sql<{ id: Id }>`
    SELECT m.id FROM messages m
    WHERE NOT EXISTS (SELECT FROM conversations c WHERE c.id = m.conversation_id AND c.cleared_to_ms < m.created_at_ms)
    LIMIT 1000`.execute(db);
  return rows;
}
