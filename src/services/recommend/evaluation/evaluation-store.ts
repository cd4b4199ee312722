import type { Id } from "#kernel";
import { sql } from "kysely";
import { signalColumns } from "../signals/signal-store.ts";
import type { Db } from "../store.ts";
import type { Signal } from "../signals/signal.ts";
import type { LoggedPage } from "./places.ts";

/** The time of the last change among this many signals; undefined where there are fewer. */
export async function changedAtOfLast(db: Db, count: number): Promise<number | undefined> {
  const row = await db
    .selectFrom("recommend.signals")
    .select("changed_at_ms as atMs")
    .orderBy("changed_at_ms", "desc")
    .offset(count)
    .limit(1)
    .executeTakeFirst();
  return row?.atMs;
}

/** Signals about the videos of others, in the order of users and videos; those behind one. */
export const signalsBehind = (
  db: Db,
  after: Pick<Signal, "userId" | "videoId">,
  { sinceMs, limit }: { readonly sinceMs: number; readonly limit: number },
): Promise<Signal[]> =>
  db
    .selectFrom("recommend.signals")
    .select(signalColumns)
    .where(sql<boolean>`(user_id, video_id) > (${after.userId}::bigint, ${after.videoId}::bigint)`)
    .where("changed_at_ms", ">", sinceMs)
    .where(sql<boolean>`NOT EXISTS (SELECT FROM recommend.candidates AS c
      WHERE c.video_id = signals.video_id AND c.user_id = signals.user_id)`)
    .orderBy("user_id")
    .orderBy("video_id")
    .limit(limit)
    .execute();

export interface PlacedPage extends LoggedPage {
  readonly id: Id;
}

/** Pages that were made for their viewers between two instants, in the order of users and time; those behind one. */
export const pagesBehind = (
  db: Db,
  after: Pick<PlacedPage, "userId" | "servedAtMs" | "id">,
  { sinceMs, untilMs, limit }: { readonly sinceMs: number; readonly untilMs: number; readonly limit: number },
): Promise<PlacedPage[]> =>
  db
    .selectFrom("recommend.pages")
    .select([
      "id",
      "user_id as userId",
      "served_at_ms as servedAtMs",
      "model_id as modelId",
      "video_ids as videoIds",
      "propensities",
      "candidate_ids as candidateIds",
      "candidate_scores as candidateScores",
      "authors_before as authorsBefore",
      "explored_places as exploredPlaces",
    ])
    .where("user_id", "is not", null)
    .where("candidate_ids", "is not", null)
    .where("served_at_ms", ">", sinceMs)
    .where("served_at_ms", "<=", untilMs)
    .where(
      sql<boolean>`(user_id, served_at_ms, id) >
        (${after.userId}::bigint, ${after.servedAtMs}::bigint, ${after.id}::bigint)`,
    )
    .orderBy("user_id")
    .orderBy("served_at_ms")
    .orderBy("id")
    .limit(limit)
    .$castTo<PlacedPage>() // Its page has a user and candidates, as the conditions say.
    .execute();

export interface KnownVideo {
  readonly videoId: Id;
  readonly userId: Id;
  readonly publishedAtMs: number;
  readonly isVisible: boolean;
}
export interface TrainedModelRow {
  readonly id: Id;
  readonly share: number;
  readonly settings: string;
}

/** Authors and publication of all videos that are known. */
export const videos = (db: Db): Promise<KnownVideo[]> =>
  db
    .selectFrom("recommend.candidates")
    .select(["video_id as videoId", "user_id as userId", "published_at_ms as publishedAtMs", "is_visible as isVisible"])
    .where("user_id", ">", 0)
    .execute();

/** The models that there are, the one with most viewers first. */
export const models = (db: Db): Promise<TrainedModelRow[]> =>
  db
    .selectFrom("recommend.models")
    .select(["id", "share", "settings"])
    .orderBy("share", "desc")
    .orderBy("id", "desc")
    .execute();
