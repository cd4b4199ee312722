import type { Id } from "#kernel";
import type { Count } from "#kernel/db/counts";
import { sql } from "kysely";
import type { Db } from "./store.ts";

/** The unread messages of each side of a conversation. */
export const counts: readonly Count[] = [
  {
    says: (userId?: Id, id?: Id) => `unread messages of user ${userId} in conversation ${id}`,
    table: "message.conversations",
    key: ["user_id", "id"],
    column: "unread_count",
    rows: sql`SELECT c.user_id, c.id, 1 AS value FROM message.conversations c JOIN message.messages m
      ON m.conversation_id = c.id AND m.receiver_id = c.user_id AND m.created_at_ms > c.cleared_to_ms
      WHERE m.read_at_ms IS NULL`,
  },
];

/** Messages that nobody has. */
export async function unreachable(db: Db) {
  const { rows } = await sql<{ id: Id }>`
    SELECT m.id FROM message.messages m
    WHERE NOT EXISTS (SELECT FROM message.conversations c WHERE c.id = m.conversation_id AND c.cleared_to_ms < m.created_at_ms)
    LIMIT 1000`.execute(db);
  return rows;
}
