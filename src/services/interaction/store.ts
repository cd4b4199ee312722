import { anyOf, type Id, type Reader, type Tx } from "#kernel";
import { type Generated, type Insertable, sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** People who are no longer invited stay, with `is_invited` false, for the order of events. */
  "interaction.gate_invited": {
    kind: string;
    thing_id: number;
    user_id: number;
    is_invited: boolean;
    version: number;
    invited_at_ms: number;
  };
  "interaction.gate_links": {
    code_hash: string;
    kind: string;
    thing_id: number;
    uses: number;
    used: number;
    expires_at_ms: number;
  };
  /** How much of a video with a gate a user has watched, whatever their history says. */
  "interaction.gate_watched": { video_id: number; user_id: number; watched_ms: number };
  "interaction.gate_openings": { kind: string; thing_id: number; user_id: number; term: string; at_ms: number };
  "interaction.likes": { video_id: Id; user_id: Id; author_id: Id; created_at_ms: number };
  "interaction.favorites": { user_id: Id; video_id: Id; folder_id: Id | null; created_at_ms: number };
  "interaction.favorite_folders": { id: Id; user_id: Id; name: string; is_public: boolean; created_at_ms: number };
  "interaction.comments": {
    id: Id;
    video_id: Id;
    video_author_id: Id;
    user_id: Id;
    /** The comment that this one replies to, and the top of its thread; null at the top. */
    parent_id: Id | null;
    root_id: Id | null;
    reply_to_user_id: Id | null;
    content: string;
    /** Held for a moderator: only its author sees it, and nothing counts it. */
    is_held: Generated<boolean>;
    /** 1 for the one at the top of its video, so that it sorts first. */
    is_pinned: Generated<number>;
    like_count: Generated<number>;
    reply_count: Generated<number>;
    hot_score: Generated<number>;
    created_at_ms: number;
    /** Users it mentions, who are notified when it is published. */
    held_mentions: Generated<Id[]>;
    edited_at_ms: Generated<number | null>;
    /** Grows with each change of the text. */
    version: Generated<number>;
  };
  "interaction.comment_likes": { comment_id: Id; user_id: Id; created_at_ms: number };
  /** How far the chat of a live room is copied to the video of its recording. */
  "interaction.live_chats": { video_id: Id; seq: number };
  "interaction.danmaku": {
    id: Id;
    video_id: Id;
    user_id: Id;
    position_ms: number;
    content: string;
    color: number;
    mode: string;
    created_at_ms: number;
  };
  /** Comments that moderators removed, each with the comment with which it was removed and is restored. */
  "interaction.removed_comments": {
    id: Id;
    removed_with: Id;
    video_id: Id;
    video_author_id: Id;
    user_id: Id;
    parent_id: Id | null;
    root_id: Id | null;
    reply_to_user_id: Id | null;
    content: string;
    is_held: boolean;
    created_at_ms: number;
    held_mentions: Id[];
    edited_at_ms: number | null;
    version: Generated<number>;
  };
  "interaction.removed_danmaku": {
    id: Id;
    video_id: Id;
    user_id: Id;
    position_ms: number;
    content: string;
    color: number;
    mode: string;
    created_at_ms: number;
  };
  /** `hidden_id`: the author whose danmaku `user_id` does not see. */
  "interaction.hidden_danmaku_authors": { user_id: Id; hidden_id: Id };
  "interaction.danmaku_filters": { user_id: Id; words: string[]; user_ids: Id[]; modes: string[] };
  /** One row per viewer, video and half hour: what counts as a view. */
  "interaction.views": { video_id: Id; viewer: string; slot: number; seen_at_ms: number };
  /** How much of the watching that a viewer reported within half an hour counted. */
  "interaction.watch_credits": { video_id: Id; viewer: string; slot: number; credited_ms: number };
  "interaction.shares": { video_id: Id; viewer: string; slot: number; shared_at_ms: number };
  /** How far a user watched, and when last. */
  "interaction.watches": {
    user_id: Id;
    video_id: Id;
    position_ms: number;
    duration_ms: number;
    is_finished: boolean;
    watched_at_ms: number;
  };
  /** The setting of users who changed it. */
  "interaction.watch_settings": { user_id: Id; is_kept: boolean };
  /** A local copy of videos, kept by events. */
  "interaction.video_copies": {
    video_id: Id;
    author_id: Id;
    visibility: string;
    is_published: boolean;
    version: number;
  };
  /** Counts of rows, changed in the transaction of the row and never without one; of a deleted video, a tombstone. */
  "interaction.video_counts": {
    video_id: Id;
    like_count: Generated<number>;
    play_count: Generated<number>;
    comment_count: Generated<number>;
    favorite_count: Generated<number>;
    share_count: Generated<number>;
    deleted_at_ms: Generated<number | null>;
  };
  /**
   * The counts of a video per day of UTC, counted from 1970: likes by the day they were given on, views since they are
   * counted. Only days with views or likes have a row.
   */
  "interaction.video_days": {
    video_id: Id;
    day: number;
    view_count: Generated<number>;
    like_count: Generated<number>;
    watch_ms: Generated<number>;
  };
  /**
   * The watched amount of each hundredth of a video's length on a day, in thousandths of that part. `view_count` counts views
   * whose reports had ranges.
   */
  "interaction.video_retention": { video_id: Id; day: number; view_count: number; watched: number[] };
  /** The views of a video on a day by source; `site` is the embedding host, empty where there is none. */
  "interaction.view_sources": { video_id: Id; day: number; source: string; site: string; view_count: number };
  /** Recent followers who still follow; `video_id`: the author's video that the follower had just watched. */
  "interaction.new_followers": { author_id: Id; follower_id: Id; day: number; video_id: Id | null };
  /** The counts of a user: likes received on videos, likes given, and favourites. */
  "interaction.author_counts": {
    user_id: Id;
    like_count: Generated<number>;
    liked_count: Generated<number>;
    favorite_count: Generated<number>;
  };
}
export type Db = Reader<Tables>;

/**
 * The outcome of adding a row; where the video or the user was deleted meanwhile, the
 * transaction must be rolled back.
 */
export type RowOutcome = "new" | "existing" | "video_deleted" | "user_deleted";

type VideoCount = "like_count" | "play_count" | "comment_count" | "favorite_count" | "share_count";
type UserCount = "like_count" | "liked_count" | "favorite_count";
/** By how much to change which count. */
export type Changes = ReadonlyMap<Id, number>;
const split = (changes: Changes): [Id[], number[]] => {
  const sorted = [...changes].filter(([, by]) => by !== 0).toSorted(([a], [b]) => a - b);
  return [sorted.map(([id]) => id), sorted.map(([, by]) => by)];
};

export interface CountedVideo {
  readonly videoId: Id;
  readonly count: number;
  readonly isDeleted: boolean;
}

/** Rows of counts are locked in the order of their ids, videos before users, so that there are no deadlocks. */
export async function raiseVideos(tx: Tx<Tables>, count: VideoCount, changes: Changes): Promise<CountedVideo[]> {
  const [ids, by] = split(changes);
  const column = sql.ref(count);
  const { rows } = await sql<CountedVideo>`
    INSERT INTO interaction.video_counts AS c (video_id, ${column})
    SELECT id, by FROM unnest(${ids}::bigint[], ${by}::integer[]) WITH ORDINALITY AS change (id, by, place) ORDER BY place
    ON CONFLICT (video_id) DO UPDATE SET ${column} = c.${column} + excluded.${column}
    RETURNING video_id AS "videoId", ${column} AS count, deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(tx);
  return rows;
}

/** As {@link raiseVideos}, for rows that are deleted; the counts are locked. */
export async function lowerVideos(tx: Tx<Tables>, count: VideoCount, changes: Changes): Promise<CountedVideo[]> {
  const [ids, by] = split(changes);
  const column = sql.ref(count);
  const { rows } = await sql<CountedVideo>`
    UPDATE interaction.video_counts AS c SET ${column} = c.${column} - change.by
    FROM unnest(${ids}::bigint[], ${by}::integer[]) AS change (id, by) WHERE c.video_id = change.id
    RETURNING c.video_id AS "videoId", c.${column} AS count, c.deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(tx);
  return rows;
}

/** Locks counts of videos, before rows that they count are deleted. */
export const lockVideos = (tx: Tx<Tables>, videoIds: readonly Id[]) =>
  tx
    .selectFrom("interaction.video_counts")
    .select(["video_id as videoId", "deleted_at_ms as deletedAtMs"])
    .where("video_id", "=", anyOf(videoIds))
    .orderBy("video_id")
    .forUpdate()
    .execute();

/** Locks the counts of a video, made where there are none; yields whether it is deleted, and then the caller must roll back. */
export async function isVideoDeleted(tx: Tx<Tables>, videoId: Id): Promise<boolean> {
  const { rows } = await sql<{ isDeleted: boolean }>`
    INSERT INTO interaction.video_counts AS c (video_id) VALUES (${videoId})
    ON CONFLICT (video_id) DO UPDATE SET video_id = c.video_id RETURNING deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(
    tx,
  );
  return rows[0]?.isDeleted === true;
}

/** Changes counts of users, up and down, each row once. Rows are made where there are none. */
export async function changeUsers(
  tx: Tx<Tables>,
  changes: Readonly<Partial<Record<UserCount, Changes>>>,
): Promise<void> {
  const of = (count: UserCount, id: Id) => changes[count]?.get(id) ?? 0;
  const ids = [...new Set(Object.values(changes).flatMap((countChanges) => [...countChanges.keys()]))].toSorted(
    (a, b) => a - b,
  );
  const [received, liked, favorites] = (["like_count", "liked_count", "favorite_count"] as const).map((count) =>
    ids.map((id) => of(count, id)),
  );
  await sql`INSERT INTO interaction.author_counts (user_id) SELECT id FROM unnest(${ids}::bigint[]) AS id ORDER BY id
    ON CONFLICT DO NOTHING`.execute(tx);
  await tx
    .selectFrom("interaction.author_counts")
    .select("user_id")
    .where("user_id", "=", anyOf(ids))
    .orderBy("user_id")
    .forUpdate()
    .execute();
  await sql`
    UPDATE interaction.author_counts AS c SET like_count = c.like_count + received, liked_count = c.liked_count + liked,
                                  favorite_count = c.favorite_count + favorites
    FROM unnest(${ids}::bigint[], ${received}::integer[], ${liked}::integer[], ${favorites}::integer[])
      AS change (id, received, liked, favorites) WHERE c.user_id = change.id`.execute(tx);
}

/** How often each of these ids occurs. Pure. */
export function tally(ids: readonly Id[], by = 1): Map<Id, number> {
  const counts = new Map<Id, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + by);
  return counts;
}

/** A video and its viewer. */
export interface StateRequest {
  readonly videoId: Id;
  readonly viewer: Id | undefined;
}
/**
 * Counts of videos with the likes, favourites and positions of their viewers, in the order of the requests. `OFFSET 0`: each is looked up
 * by its key, where a join of many would sooner read whole tables, or all likes of a user.
 */
export async function states(db: Db, requests: readonly StateRequest[]): Promise<State[]> {
  const ids = requests.map(({ videoId }) => videoId);
  const viewers = requests.map(({ viewer }) => viewer ?? null);
  const { rows } = await sql<State>`
    SELECT ask.id AS "videoId", coalesce(c.like_count, 0) AS "likeCount", coalesce(c.play_count, 0) AS "playCount",
           coalesce(c.comment_count, 0) AS "commentCount", coalesce(c.favorite_count, 0) AS "favoriteCount",
           coalesce(c.share_count, 0) AS "shareCount", l.video_id IS NOT NULL AS "isLiked",
           f.video_id IS NOT NULL AS "isFavorited",
           CASE WHEN w.is_finished THEN 0 ELSE coalesce(w.position_ms, 0) END AS "positionMs"
    FROM unnest(${ids}::bigint[], ${viewers}::bigint[]) WITH ORDINALITY AS ask (id, viewer, place)
    LEFT JOIN LATERAL (SELECT * FROM interaction.video_counts WHERE video_id = ask.id OFFSET 0) c ON true
    LEFT JOIN LATERAL (SELECT video_id FROM interaction.likes WHERE video_id = ask.id AND user_id = ask.viewer OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT video_id FROM interaction.favorites WHERE user_id = ask.viewer AND video_id = ask.id OFFSET 0) f ON true
    LEFT JOIN LATERAL (SELECT is_finished, position_ms FROM interaction.watches
                       WHERE user_id = ask.viewer AND video_id = ask.id OFFSET 0) w ON true
    ORDER BY ask.place`.execute(db);
  return rows;
}
interface State {
  readonly videoId: Id;
  readonly likeCount: number;
  readonly playCount: number;
  readonly commentCount: number;
  readonly favoriteCount: number;
  readonly shareCount: number;
  readonly isLiked: boolean;
  readonly isFavorited: boolean;
  readonly positionMs: number;
}

export const authorCounts = (db: Db, userIds: readonly Id[]) =>
  db
    .selectFrom("interaction.author_counts")
    .select([
      "user_id as userId",
      "like_count as likeCount",
      "liked_count as likedCount",
      "favorite_count as favoriteCount",
    ])
    .where("user_id", "=", anyOf(userIds))
    .execute();

interface VideoFact {
  readonly videoId: Id;
  readonly userId: Id;
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly version: number;
}
/** The local copy of a video, as its service published it. */
export const copyOf = ({ videoId, userId, visibility, publishedAtMs, version }: VideoFact) => ({
  video_id: videoId,
  author_id: userId,
  visibility,
  is_published: publishedAtMs !== null,
  version,
});

/** Updates the local copy of a video; yields whether it changed. An older version is ignored. */
export async function storeVideo(
  tx: Tx<Tables>,
  row: Insertable<Tables["interaction.video_copies"]>,
): Promise<boolean> {
  // An event of an earlier state may arrive after the deletion.
  const tombstone = await tx
    .selectFrom("interaction.video_counts")
    .select("video_id")
    .where("video_id", "=", row.video_id)
    .where("deleted_at_ms", "is not", null)
    .executeTakeFirst();
  if (tombstone) return false;
  const { numInsertedOrUpdatedRows: changed } = await tx
    .insertInto("interaction.video_copies")
    .values(row)
    .onConflict((c) =>
      c
        .column("video_id")
        .doUpdateSet((e) => ({
          visibility: e.ref("excluded.visibility"),
          is_published: e.ref("excluded.is_published"),
          version: e.ref("excluded.version"),
        }))
        .where(
          sql<boolean>`video_copies.version < excluded.version OR (video_copies.version = excluded.version AND
            (video_copies.visibility, video_copies.is_published) IS DISTINCT FROM (excluded.visibility, excluded.is_published))`,
        ),
    )
    .executeTakeFirstOrThrow();
  return changed === 1n;
}

export const storedVideos = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("interaction.video_copies")
    .select("video_id as id")
    .where("video_id", ">", after)
    .orderBy("video_id")
    .limit(limit)
    .execute();

/**
 * Deletes everything about a deleted video, with the likes its author received. A tombstone stays for a while: a
 * transaction that began before either commits first and its row is deleted here, or finds the tombstone and rolls back.
 */
export async function deleteVideo(tx: Tx<Tables>, videoId: Id, deletedAtMs: number): Promise<void> {
  await sql`INSERT INTO interaction.video_counts (video_id, deleted_at_ms) VALUES (${videoId}, ${deletedAtMs})
    ON CONFLICT (video_id) DO UPDATE SET like_count = 0, play_count = 0, comment_count = 0, favorite_count = 0,
                                         share_count = 0, deleted_at_ms = excluded.deleted_at_ms`.execute(tx);
  const likes = await tx
    .deleteFrom("interaction.likes")
    .where("video_id", "=", videoId)
    .returning(["author_id as authorId", "user_id as userId"])
    .execute();
  const favorites = await tx
    .deleteFrom("interaction.favorites")
    .where("video_id", "=", videoId)
    .returning("user_id as userId")
    .execute();
  for (const table of ["interaction.comments", "interaction.removed_comments"] as const)
    await tx
      .deleteFrom("interaction.comment_likes")
      .where("comment_id", "in", (e) => e.selectFrom(table).select("id").where("video_id", "=", videoId))
      .execute();
  for (const table of [
    "interaction.comments",
    "interaction.removed_comments",
    "interaction.danmaku",
    "interaction.live_chats",
    "interaction.removed_danmaku",
    "interaction.watches",
    "interaction.views",
    "interaction.shares",
    "interaction.video_days",
    "interaction.video_retention",
    "interaction.view_sources",
    "interaction.video_copies",
  ] as const)
    await tx.deleteFrom(table).where("video_id", "=", videoId).execute();
  // Outside of the loop: each further table of a union multiplies the work of the type checker.
  await tx.deleteFrom("interaction.watch_credits").where("video_id", "=", videoId).execute();
  // The channel keeps the followers that it gained by the video.
  await tx.updateTable("interaction.new_followers").set({ video_id: null }).where("video_id", "=", videoId).execute();
  await changeUsers(tx, {
    like_count: tally(
      likes.map(({ authorId }) => authorId),
      -1,
    ),
    liked_count: tally(
      likes.map(({ userId }) => userId),
      -1,
    ),
    favorite_count: tally(
      favorites.map(({ userId }) => userId),
      -1,
    ),
  });
}

/** Deletes tombstones that are older than any call. */
export const deleteTombstones = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("interaction.video_counts").where("deleted_at_ms", "<", beforeMs).execute();

/** Deletes counts that are all zero, such as those of deleted accounts. */
export const deleteEmptyCounts = (tx: Tx<Tables>) =>
  tx
    .deleteFrom("interaction.author_counts")
    .where((e) => e.and({ like_count: 0, liked_count: 0, favorite_count: 0 }))
    .execute();
