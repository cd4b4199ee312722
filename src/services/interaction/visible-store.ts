import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";

/**
 * What of somebody's list of videos this viewer may find, over `video_notes`: of another's list only what is public; of
 * one's own also what only those with the address or followers see. A video of one's own is always there. What is not
 * known yet was seen a moment ago by whoever listed it.
 */
export const listed = (listOf: Id, viewer: Id | undefined): RawBuilder<boolean> =>
  listOf === viewer
    ? sql<boolean>`(video_notes.video_id IS NULL OR video_notes.author_id = ${viewer}
        OR video_notes.is_published AND video_notes.visibility <> 'private')`
    : sql<boolean>`(video_notes.video_id IS NULL OR video_notes.author_id = ${viewer ?? null}::bigint
        OR video_notes.is_published AND video_notes.visibility = 'public')`;
