import { type Id, type PageInput, pageOf } from "#kernel";
import { sql } from "kysely";
import { type Exclusions, isIncluded } from "./exclusions/exclusion-store.ts";
import { type Db, isVisible } from "./store.ts";

/** The conditions for a list of public videos; each bound is included. */
export interface CatalogueFilter {
  readonly categoryId?: Id | undefined;
  readonly userId?: Id | undefined;
  readonly shape?: "wide" | "upright" | undefined;
  readonly minDurationMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
}

/** By sort: an index has each order, and one more within a category; views and times have one within an author too. Shape and length are looked at along the way. */
const keys = {
  trending: { hot_score: "hotScore", video_id: "videoId" },
  latest: { published_at_ms: "publishedAtMs", video_id: "videoId" },
  popular: { view_count: "viewCount", video_id: "videoId" },
} as const;
export type Sort = keyof typeof keys;

/** The public videos that pass the filter. */
export function catalogue(db: Db, sort: Sort, filter: CatalogueFilter, exclusions: Exclusions, page: PageInput) {
  const { categoryId, userId, shape, minDurationMs, maxDurationMs } = filter;
  const rows = db
    .selectFrom("recommend.candidates as candidates")
    .select([
      "video_id as videoId",
      "hot_score as hotScore",
      "published_at_ms as publishedAtMs",
      "view_count as viewCount",
    ])
    .where(isVisible)
    .where(isIncluded(exclusions))
    .$if(categoryId !== undefined, (q) => q.where("category_id", "=", categoryId ?? 0))
    .$if(userId !== undefined, (q) => q.where("user_id", "=", userId ?? 0))
    .$if(shape !== undefined, (q) =>
      q.where(shape === "upright" ? sql<boolean>`is_upright` : sql<boolean>`NOT is_upright`),
    )
    .$if(minDurationMs !== undefined, (q) => q.where("duration_ms", ">=", minDurationMs ?? 0))
    .$if(maxDurationMs !== undefined, (q) => q.where("duration_ms", "<=", maxDurationMs ?? 0));
  return pageOf(db, rows, keys[sort], page);
}
