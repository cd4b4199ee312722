import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";

/** What lists leave out for a caller. */
export interface Exclusions {
  /** Authors that a block stands between, either way. */
  readonly userIds: readonly Id[];
  readonly videoIds: readonly Id[];
}

/** Whether a row of `candidates` is not left out. */
export function isIncluded({ userIds, videoIds }: Exclusions): RawBuilder<boolean> {
  const parts = [
    ...(userIds.length > 0 ? [sql`candidates.user_id <> ALL(${[...userIds]}::bigint[])`] : []),
    ...(videoIds.length > 0 ? [sql`candidates.video_id <> ALL(${[...videoIds]}::bigint[])`] : []),
  ];
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(parts, sql` AND `)})`;
}
