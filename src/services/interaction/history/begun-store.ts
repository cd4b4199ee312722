import type { Id } from "#kernel";
import { sql } from "kysely";
import type { Db } from "../store.ts";
import { isVisibleInList } from "../visible-store.ts";

/** Three seconds at least, and less than 95 % of the length where that is known. */
const isBegun = sql<boolean>`NOT is_finished AND position_ms >= 3000
  AND (duration_ms = 0 OR position_ms * 100 < duration_ms * 95)`;

/** Only the latest videos of a history are searched: positions change too often for an index of their own. */
const watchedMax = 1_000;

/** The videos of a history that were begun and not watched to their end, latest first. */
export const begunBy = (db: Db, userId: Id, limit: number) =>
  db
    .selectFrom(
      db
        .selectFrom("interaction.watches")
        .selectAll()
        .where("user_id", "=", userId)
        .orderBy("watched_at_ms", "desc")
        .orderBy("video_id", "desc")
        .limit(sql.lit(watchedMax))
        .as("watches"),
    )
    .leftJoin("interaction.video_copies as video_copies", "video_copies.video_id", "watches.video_id")
    .select(["watches.video_id as videoId", "position_ms as positionMs", "watched_at_ms as watchedAtMs"])
    .where(isBegun)
    .where(isVisibleInList(userId, userId))
    .orderBy("watched_at_ms", "desc")
    .orderBy("watches.video_id", "desc")
    .limit(limit)
    .execute();
