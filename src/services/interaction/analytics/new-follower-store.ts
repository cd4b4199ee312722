import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

/** Adds a follower with the author's video that the follower viewed last, as far as views are stored. */
export async function add(
  tx: Tx<Tables>,
  { author_id, follower_id, day }: Omit<Tables["interaction.new_followers"], "video_id">,
): Promise<void> {
  await sql`
    INSERT INTO interaction.new_followers (author_id, follower_id, day, video_id)
    VALUES (${author_id}, ${follower_id}, ${day}, (
      SELECT v.video_id FROM interaction.views v JOIN interaction.video_copies c ON c.video_id = v.video_id
      WHERE v.viewer = ${`user:${follower_id}`} AND c.author_id = ${author_id} ORDER BY v.seen_at_ms DESC LIMIT 1))
    ON CONFLICT DO NOTHING`.execute(tx);
}

export async function remove(tx: Tx<Tables>, authorId: Id, followerId: Id): Promise<void> {
  await tx
    .deleteFrom("interaction.new_followers")
    .where("author_id", "=", authorId)
    .where("follower_id", "=", followerId)
    .execute();
}

/** Deletes a deleted account, as author and as follower. */
export async function deleteUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx
    .deleteFrom("interaction.new_followers")
    .where((e) => e.or([e("author_id", "=", userId), e("follower_id", "=", userId)]))
    .execute();
}
