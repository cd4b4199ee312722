import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";

/**
 * A condition for videos of a user's list that a viewer may see, by the local copy. The list of another user shows only
 * public videos. The viewer's own list also shows unlisted ones and those for followers. A viewer's own videos are
 * always there. A video that is not in the copy yet passed the access check when it was added.
 */
export const isVisibleInList = (listOf: Id, viewer: Id | undefined): RawBuilder<boolean> =>
  listOf === viewer
    ? sql<boolean>`(video_copies.video_id IS NULL OR video_copies.author_id = ${viewer}
        OR video_copies.is_published AND video_copies.visibility <> 'private')`
    : sql<boolean>`(video_copies.video_id IS NULL OR video_copies.author_id = ${viewer ?? null}::bigint
        OR video_copies.is_published AND video_copies.visibility = 'public')`;
