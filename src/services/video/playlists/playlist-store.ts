import type { Protection } from "#policy/gates/protection";
import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { type Insertable, sql, type Updateable } from "kysely";
import { rankBetween, rankStep } from "./ranks.ts";
import { columns, published, type Tables } from "../store.ts";

type Db = Reader<Tables>;

const playlistColumns = [
  "playlists.id",
  "playlists.user_id as userId",
  "playlists.title",
  "playlists.description",
  "playlists.visibility",
  "playlists.password_hash as passwordHash",
  "playlists.gate",
  "playlists.teaser",
  "playlists.generation",
  "playlists.created_at_ms as createdAtMs",
  "playlists.version",
] as const;
/** Playlists that no moderator removed. */
const playlists = (db: Db) =>
  db.selectFrom("video.playlists as playlists").select(playlistColumns).where("is_removed", "=", false);
export interface PlaylistRow extends Protection {
  readonly id: Id;
  readonly userId: Id;
  readonly title: string;
  readonly description: string;
  readonly visibility: "public" | "unlisted" | "private" | "gated";
  /** Grows with each change of who may see it. */
  readonly generation: number;
  readonly createdAtMs: number;
  readonly version: number;
}
export const playlistById = (db: Db, id: Id): Promise<PlaylistRow | undefined> =>
  playlists(db).where("id", "=", id).executeTakeFirst();

/** As {@link playlistById}, locked: what is in it changes one at a time. */
export const lockPlaylist = (tx: Tx<Tables>, id: Id) =>
  playlists(tx).where("id", "=", id).forUpdate().executeTakeFirst();

/** Inserts under a lock of the owner; yields false where they have `max` already. */
export async function insertPlaylist(
  tx: Tx<Tables>,
  row: Insertable<Tables["video.playlists"]>,
  max: number,
): Promise<boolean> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('video.playlists', ${row.user_id}))`.execute(tx);
  const ownPlaylists = tx
    .selectFrom("video.playlists as playlists")
    .select("id")
    .where("user_id", "=", row.user_id)
    .limit(max);
  if ((await ownPlaylists.execute()).length >= max) return false;
  await tx.insertInto("video.playlists").values(row).execute();
  return true;
}

export const updatePlaylist = (tx: Tx<Tables>, id: Id, changes: Updateable<Tables["video.playlists"]>) =>
  tx
    .updateTable("video.playlists as playlists")
    .set((e) => ({ ...changes, version: e("version", "+", 1) }))
    .where("id", "=", id)
    .execute();
export const removePlaylist = (tx: Tx<Tables>, id: Id) =>
  tx.deleteFrom("video.playlists as playlists").where("id", "=", id).execute();
/** A moderator removed or restored it. */
export const setPlaylistRemoved = (tx: Tx<Tables>, id: Id, is_removed: boolean) =>
  tx.updateTable("video.playlists as playlists").set({ is_removed }).where("id", "=", id).execute();
export const deletePlaylistsOf = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("video.playlists as playlists").where("user_id", "=", userId).execute();
export const removeFromPlaylists = (tx: Tx<Tables>, videoId: Id) =>
  tx.deleteFrom("video.playlist_items as playlist_items").where("video_id", "=", videoId).execute();

/** All playlists, those removed by moderators included, in the order of ids. */
export const playlistBatch = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("video.playlists as playlists")
    .select(playlistColumns)
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();

/** A user's playlists, latest first: all of them for the owner, else those that viewers may find; whether a gate opens is decided for each. */
export function playlistsOf(db: Db, userId: Id, isOwner: boolean, page: PageInput) {
  const all = playlists(db).where("user_id", "=", userId);
  return pageOf(db, isOwner ? all : all.where("visibility", "in", ["public", "gated"]), { "playlists.id": "id" }, page);
}

/**
 * The videos of a playlist that its viewer may find there: their own, public ones, and unlisted ones of the playlist's
 * owner. Videos with other visibilities are found at their own address alone.
 */
export function itemsOf(db: Db, { id, userId }: PlaylistRow, viewerId: Id | undefined, page: PageInput) {
  const rows = db
    .selectFrom("video.playlist_items as playlist_items")
    .innerJoin("video.videos as videos", "videos.id", "playlist_items.video_id")
    .innerJoin("video.media_states as media_states", "media_states.media_id", "videos.media_id")
    .leftJoin("video.media_states as next", "next.media_id", "videos.next_media_id")
    .select([...columns, "playlist_items.rank"])
    .where("playlist_id", "=", id)
    .where("deleted_at_ms", "is", null)
    .where((e) =>
      e.or([
        e("videos.user_id", "=", viewerId ?? 0),
        e.and([
          e("status", "=", published),
          e.or([
            e("visibility", "=", "public"),
            e.and([e("visibility", "=", "unlisted"), e("videos.user_id", "=", userId)]),
          ]),
        ]),
      ]),
    );
  return pageOf(db, rows, { "playlist_items.rank": "rank", "videos.id": "id" }, page);
}

const rankOf = async (db: Db, playlistId: Id, videoId: Id): Promise<number | undefined> =>
  (
    await db
      .selectFrom("video.playlist_items as playlist_items")
      .select("rank")
      .where("playlist_id", "=", playlistId)
      .where("video_id", "=", videoId)
      .executeTakeFirst()
  )?.rank;

/** Adds to the end: whether it is new, or `full`. The playlist is locked. */
export async function addItem(tx: Tx<Tables>, playlistId: Id, videoId: Id, max: number): Promise<boolean | "full"> {
  if ((await rankOf(tx, playlistId, videoId)) !== undefined) return false;
  const { rows } = await sql<{ count: number; least: number | null }>`
    SELECT count(*)::integer AS count, min(rank) AS least FROM video.playlist_items WHERE playlist_id = ${playlistId}`.execute(
    tx,
  );
  const [{ count, least } = { count: 0, least: null }] = rows;
  if (count >= max) return "full";
  const rank = (least ?? rankStep) - rankStep;
  await tx.insertInto("video.playlist_items").values({ playlist_id: playlistId, video_id: videoId, rank }).execute();
  return true;
}

export const removeItem = (tx: Tx<Tables>, playlistId: Id, videoId: Id) =>
  tx
    .deleteFrom("video.playlist_items as playlist_items")
    .where("playlist_id", "=", playlistId)
    .where("video_id", "=", videoId)
    .execute();

/** Moves a video behind another, or first where there is none; false when either is not in it. The playlist is locked. */
export async function moveItem(tx: Tx<Tables>, playlistId: Id, videoId: Id, afterId: Id | undefined): Promise<boolean> {
  for (let isSpread = false; ; isSpread = true) {
    if ((await rankOf(tx, playlistId, videoId)) === undefined) return false;
    const above = afterId === undefined ? undefined : await rankOf(tx, playlistId, afterId);
    if (afterId !== undefined && above === undefined) return false;
    if (afterId === videoId) return true;
    const next = await tx
      .selectFrom("video.playlist_items as playlist_items")
      .select("rank")
      .where("playlist_id", "=", playlistId)
      .where("video_id", "!=", videoId)
      .$if(above !== undefined, (q) => q.where("rank", "<", above ?? 0))
      .orderBy("rank", "desc")
      .limit(1)
      .executeTakeFirst();
    const rank = rankBetween(above, next?.rank);
    if (rank !== undefined) {
      await tx
        .updateTable("video.playlist_items as playlist_items")
        .set({ rank })
        .where("playlist_id", "=", playlistId)
        .where("video_id", "=", videoId)
        .execute();
      return true;
    }
    if (isSpread) throw new Error("there is no room between neighbours that were just set apart");
    await sql`UPDATE video.playlist_items i SET rank = ${rankStep}::bigint * o.place FROM (
        SELECT video_id, row_number() OVER (ORDER BY rank, video_id) AS place FROM video.playlist_items WHERE playlist_id = ${playlistId}
      ) AS o WHERE i.playlist_id = ${playlistId} AND i.video_id = o.video_id`.execute(tx);
  }
}

/** In how many playlists a video is. */
export async function playlistCount(db: Db, videoId: Id): Promise<number> {
  const { count } = await db
    .selectFrom("video.playlist_items as playlist_items")
    .innerJoin("video.playlists as playlists", "playlists.id", "playlist_items.playlist_id")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("video_id", "=", videoId)
    .where("is_removed", "=", false)
    .executeTakeFirstOrThrow();
  return count;
}
