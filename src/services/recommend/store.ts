import type { Id, Reader, Tx } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { addScores, hotScoreOf, noScore } from "#policy/hot-score";
import { type Generated, type RawBuilder, sql } from "kysely";
import { publicationWeight } from "./activity.ts";
import type { Candidate } from "./candidate.ts";
import { type Exclusions, isIncluded } from "./exclusions/exclusion-store.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** A local copy of all videos; of those that nobody else may see the version and the counts stay. */
  "recommend.candidates": {
    video_id: Id;
    user_id: Id;
    published_at_ms: number;
    version: number;
    is_visible: boolean;
    is_for_followers: Generated<boolean>;
    category_id: Id | null;
    is_upright: Generated<boolean>;
    duration_ms: Generated<number>;
    /** The three follow the events of interaction. */
    view_count: Generated<number>;
    like_count: Generated<number>;
    like_peak: Generated<number>;
    newcomers_milli: Generated<number>;
    /** Never falls (`#policy/hot-score`, `activity.ts`). */
    hot_score: Generated<number>;
    /** How often feeds served it. */
    impression_count: Generated<number>;
    /** `#kernel/db/changes`. */
    changed_tx: Generated<number>;
  };
  "recommend.video_tags": { video_id: Id; tag: string };
  /**
   * The things that users are not interested in. `subject_id` is the video or its author, 0 for a tag; `video_id` is
   * the video that they chose it at.
   */
  "recommend.not_interested": {
    id: Id;
    user_id: Id;
    scope: Scope;
    subject_id: number;
    tag: string;
    video_id: Id;
    created_at_ms: number;
  };
  /** The actions of each user on each video, in all reports together. */
  "recommend.signals": {
    user_id: Id;
    video_id: Id;
    watched_ms: Generated<number>;
    /** How far clients were that do not say what was watched. */
    reached_ms: Generated<number>;
    /** The length of the video; 0 if it is unknown. */
    length_ms: Generated<number>;
    is_finished: Generated<boolean>;
    is_liked: Generated<boolean>;
    is_favorited: Generated<boolean>;
    is_shared: Generated<boolean>;
    is_commented: Generated<boolean>;
    /** Its author was followed after it. */
    is_followed: Generated<boolean>;
    /** The user is not interested in it, in its author or in one of its tags. */
    is_refused: Generated<boolean>;
    began_at_ms: number;
    changed_at_ms: number;
    changed_tx: number;
  };
  /** The settings that users chose for their feeds; the weights are steps from -2 to 2. */
  "recommend.viewers": {
    user_id: Id;
    is_personal: Generated<boolean>;
    fresh: Generated<number>;
    following: Generated<number>;
    popular: Generated<number>;
    similar: Generated<number>;
  };
  /** Signals from before count for these interests no longer. */
  "recommend.removed_interests": { user_id: Id; kind: string; key: string; removed_at_ms: number };
  /** Trained models, each with the object that has it. */
  "recommend.models": {
    id: Id;
    key: string;
    created_at_ms: number;
    /** How many there were. */
    signals: number;
    users: number;
    videos: number;
    /** JSON of `RecallSettings`. */
    settings: string;
    recall: number;
    ndcg: number;
    /** The percentage of viewers that have the model. */
    share: number;
  };
  /** Pages of feeds as they were served: lists of the same length. */
  "recommend.pages": {
    id: Id;
    user_id: Id | null;
    served_at_ms: number;
    model_id: Id | null;
    video_ids: Id[];
    reasons: string[];
    propensities: number[];
    /**
     * The candidates of a page that was made for its viewer, the highest score first, in thousandths. Then the authors
     * of the last places before it, and its places in which new videos were tried.
     */
    candidate_ids: Id[] | null;
    candidate_scores: number[] | null;
    authors_before: Id[] | null;
    explored_places: number[] | null;
  };
}
export type Db = Reader<Tables>;
export type Scope = "video" | "author" | "tag";

const deletedVersion = 2_147_483_647;
// Written out, as the indexes have it: with a parameter every execution would be planned anew to be able to use them.
export const isVisible = sql<boolean>`is_visible`;

/** The public videos published before an instant. */
export const publishedBefore = (db: Db, beforeMs: number | undefined, exclusions: Exclusions, limit: number) =>
  db
    .selectFrom("recommend.candidates as candidates")
    .select(["video_id as videoId", "published_at_ms as publishedAtMs"])
    .where(isVisible)
    .where(isIncluded(exclusions))
    .$if(beforeMs !== undefined, (q) => q.where("published_at_ms", "<", beforeMs ?? 0))
    .orderBy("published_at_ms", "desc")
    .orderBy("video_id", "desc")
    .limit(limit)
    .execute();

// In the conflict of an upsert, `candidates` is the stored row and `excluded` the one that arrived.
const isFirstPublication = sql<boolean>`candidates.published_at_ms = 0 AND excluded.published_at_ms > 0`;
/** The time of publication stays while a video is taken down. */
const latestPublication = sql<number>`coalesce(nullif(excluded.published_at_ms, 0), candidates.published_at_ms)`;
/** The first publication gives the score a video begins with; being taken down and restored gives none. */
const scoreAfter = sql<number>`CASE WHEN ${isFirstPublication}
  THEN ${addScores(sql`candidates.hot_score`, sql`excluded.hot_score`)} ELSE candidates.hot_score END`;
const isNewer = sql<boolean>`candidates.version < excluded.version`;
const isSameVersion = sql<boolean>`candidates.version = excluded.version`;
const hasOtherFields = sql<boolean>`(candidates.user_id, candidates.is_visible, candidates.is_for_followers,
  candidates.category_id, candidates.is_upright, candidates.duration_ms, candidates.published_at_ms)
  IS DISTINCT FROM (excluded.user_id, excluded.is_visible, excluded.is_for_followers,
  excluded.category_id, excluded.is_upright, excluded.duration_ms, ${latestPublication})`;
const hasOtherTags = (tags: RawBuilder<string[]>) => sql<boolean>`
  ARRAY(SELECT tag FROM recommend.video_tags WHERE video_id = candidates.video_id ORDER BY tag) IS DISTINCT FROM
  ARRAY(SELECT tag FROM unnest(${tags}) AS arrived (tag) ORDER BY tag)`;

/**
 * Updates the local copy of a video: a newer version replaces it, the same version only where it differs, and an older one
 * never. Returns whether the copy changed.
 */
export async function storeCandidate(tx: Tx<Tables>, candidate: Candidate): Promise<boolean> {
  const tags = sql<string[]>`${[...candidate.tags]}::text[]`;
  const changed = await tx
    .insertInto("recommend.candidates")
    .values(rowOf(candidate))
    .onConflict((conflict) =>
      conflict
        .column("video_id")
        .doUpdateSet((eb) => ({
          user_id: eb.ref("excluded.user_id"),
          version: eb.ref("excluded.version"),
          is_visible: eb.ref("excluded.is_visible"),
          is_for_followers: eb.ref("excluded.is_for_followers"),
          category_id: eb.ref("excluded.category_id"),
          is_upright: eb.ref("excluded.is_upright"),
          duration_ms: eb.ref("excluded.duration_ms"),
          changed_tx: eb.ref("excluded.changed_tx"),
          published_at_ms: latestPublication,
          hot_score: scoreAfter,
        }))
        .where((eb) => eb.or([isNewer, eb.and([isSameVersion, eb.or([hasOtherFields, hasOtherTags(tags)])])])),
    )
    .returning("video_id")
    .executeTakeFirst();
  if (!changed) return false;
  await storeTags(tx, candidate.videoId, tags);
  return true;
}

const rowOf = ({ publishedAtMs, ...candidate }: Candidate) => ({
  video_id: candidate.videoId,
  user_id: candidate.userId,
  version: candidate.version,
  published_at_ms: publishedAtMs,
  is_visible: candidate.isVisible,
  is_for_followers: candidate.isForFollowers,
  category_id: candidate.categoryId,
  is_upright: candidate.isUpright,
  duration_ms: candidate.durationMs,
  hot_score: publishedAtMs === 0 ? noScore : hotScoreOf(publicationWeight, publishedAtMs),
  changed_tx: currentTx,
});

async function storeTags(tx: Tx<Tables>, videoId: Id, tags: RawBuilder<string[]>): Promise<void> {
  await sql`DELETE FROM recommend.video_tags WHERE video_id = ${videoId} AND tag <> ALL(${tags})`.execute(tx);
  await sql`INSERT INTO recommend.video_tags (video_id, tag) SELECT ${videoId}, tag FROM unnest(${tags}) AS arrived (tag)
            ON CONFLICT DO NOTHING`.execute(tx);
}

/** When the first public video of the site was published. */
export async function firstPublication(db: Db, nowMs: number): Promise<number> {
  const row = await db
    .selectFrom("recommend.candidates as candidates")
    .select("published_at_ms as atMs")
    .where(isVisible)
    .orderBy("published_at_ms")
    .orderBy("video_id")
    .limit(1)
    .executeTakeFirst();
  return row?.atMs ?? nowMs;
}

/** Candidates that others may see, in the order of their ids. */
export const listedCandidates = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("recommend.candidates as candidates")
    .select("video_id as id")
    .where("is_for_followers", "=", true)
    .where("video_id", ">", after)
    .orderBy("video_id")
    .limit(limit)
    .execute();

/** Deletes a candidate; a tombstone keeps events of earlier versions from restoring it. Its author is deleted from it. */
export async function deleteCandidate(tx: Tx<Tables>, videoId: Id): Promise<void> {
  await sql`INSERT INTO recommend.candidates (video_id, user_id, published_at_ms, version, is_visible, changed_tx)
    VALUES (${videoId}, 0, 0, ${deletedVersion}, false, ${currentTx})
    ON CONFLICT (video_id) DO UPDATE SET user_id = 0, version = ${deletedVersion}, is_visible = false,
      is_for_followers = false, changed_tx = excluded.changed_tx`.execute(tx);
  await sql`DELETE FROM recommend.video_tags WHERE video_id = ${videoId}`.execute(tx);
}
