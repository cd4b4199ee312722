import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";

/**
 * Which videos of a user's list a viewer may see, by the local copy: in the list of another user only public ones; in
 * their own list also unlisted ones and those for followers. A viewer's own videos are always there. A video that is not
 * in the copy yet passed the access check when it was added.
 */
export const isVisibleInList = (listOf: Id, viewer: Id | undefined): RawBuilder<boolean> =>
  listOf === viewer
    ? sql<boolean>`(video_copies.video_id IS NULL OR video_copies.author_id = ${viewer}
        OR video_copies.is_published AND video_copies.visibility <> 'private')`
    : sql<boolean>`(video_copies.video_id IS NULL OR video_copies.author_id = ${viewer ?? null}::bigint
        OR video_copies.is_published AND video_copies.visibility = 'public')`;
