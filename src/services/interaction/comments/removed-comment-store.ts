import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

const columns = sql`id, video_id, video_author_id, user_id, parent_id, root_id, reply_to_user_id, content, is_held, created_at_ms, held_mentions, edited_at_ms, version`;

export const byId = (db: Db, id: Id) =>
  db
    .selectFrom("interaction.removed_comments")
    .select(["video_id as videoId", "root_id as rootId"])
    .where("id", "=", id)
    .where("removed_with", "=", id)
    .executeTakeFirst();

/** Copies a comment and its replies. */
export const copyThread = (tx: Tx<Tables>, { id, videoId }: { readonly id: Id; readonly videoId: Id }) =>
  sql`INSERT INTO interaction.removed_comments (removed_with, ${columns})
      SELECT ${id}::bigint, ${columns} FROM interaction.comments
      WHERE video_id = ${videoId} AND (id = ${id} OR root_id = ${id})`.execute(tx);

/** How many comments become visible when this one is restored, itself included. */
export async function countVisible(db: Db, id: Id): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM interaction.removed_comments WHERE removed_with = ${id} AND (NOT is_held OR id = ${id})`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** The top of its thread is set aside as well: from now on both are restored together. */
export async function joinThread(tx: Tx<Tables>, id: Id, rootId: Id): Promise<void> {
  await sql`UPDATE interaction.removed_comments a SET removed_with = top.removed_with, is_held = a.is_held AND a.id <> ${id}
            FROM interaction.removed_comments top WHERE top.id = ${rootId} AND a.removed_with = ${id}`.execute(tx);
}

/** Restores this comment and its replies, with the likes that are left. */
export async function restore(tx: Tx<Tables>, id: Id): Promise<void> {
  await sql`
    WITH back AS (DELETE FROM interaction.removed_comments WHERE removed_with = ${id} RETURNING *)
    INSERT INTO interaction.comments (${columns}, like_count, reply_count)
    SELECT id, video_id, video_author_id, user_id, parent_id, root_id, reply_to_user_id, content,
           is_held AND id <> ${id}, created_at_ms, held_mentions, edited_at_ms, version,
           (SELECT count(*) FROM interaction.comment_likes l WHERE l.comment_id = back.id),
           (SELECT count(*) FROM back r WHERE r.root_id = back.id AND NOT r.is_held)
    FROM back`.execute(tx);
}

/** Deletes the removed comments of a user, or of a thread. */
export async function deleteRemoved(tx: Tx<Tables>, of: "user_id" | "root_id", id: Id): Promise<void> {
  const which =
    of === "root_id"
      ? sql`root_id = ${id}`
      : sql`user_id = ${id} OR root_id IN (SELECT id FROM interaction.removed_comments WHERE user_id = ${id})`;
  await sql`WITH deleted AS (DELETE FROM interaction.removed_comments WHERE ${which} RETURNING id)
            DELETE FROM interaction.comment_likes WHERE comment_id IN (SELECT id FROM deleted)`.execute(tx);
}
