import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";

/** The users, videos and tags that lists leave out for a caller. */
export interface Exclusions {
  /** Authors that a block stands between, either way, and those that the caller is not interested in. */
  readonly userIds: readonly Id[];
  readonly videoIds: readonly Id[];
  /** Keys of tags and hashtags. */
  readonly tags: readonly string[];
}

/** True for rows of `candidates` that are not excluded. */
export function isIncluded({ userIds, videoIds, tags }: Exclusions): RawBuilder<boolean> {
  const parts = [
    ...(userIds.length > 0 ? [sql`candidates.user_id <> ALL(${[...userIds]}::bigint[])`] : []),
    ...(videoIds.length > 0 ? [sql`candidates.video_id <> ALL(${[...videoIds]}::bigint[])`] : []),
    ...(tags.length > 0
      ? [
          sql`NOT EXISTS (SELECT FROM recommend.video_tags
                WHERE video_tags.video_id = candidates.video_id AND tag = ANY(${[...tags]}::text[]))`,
        ]
      : []),
  ];
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(parts, sql` AND `)})`;
}
