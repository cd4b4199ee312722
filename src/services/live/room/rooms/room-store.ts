import type { Status } from "#events/live";
import type { Resource } from "#policy/can";
import type { Gate, Teaser } from "#policy/gates/fields";
import { anyOf, type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { type Expression, type Insertable, sql, type Updateable } from "kysely";
import type { Db, Tables } from "../../store.ts";

const columns = [
  "id",
  "owner_id as ownerId",
  "title",
  "description",
  "cover_url as coverUrl",
  "category_id as categoryId",
  "visibility",
  "password_hash as passwordHash",
  "gate",
  "teaser",
  "status",
  "key_hint as keyHint",
  "keeps_recording as keepsRecording",
  "is_announced as isAnnounced",
  "notifies_followers as notifiesFollowers",
  "scheduled_at_ms as scheduledAtMs",
  "started_at_ms as startedAtMs",
  "ended_at_ms as endedAtMs",
  "online_count as onlineCount",
  "peak_count as peakCount",
  "view_count as viewCount",
  "like_count as likeCount",
  "gift_count as giftCount",
  "gift_value as giftValue",
  "product_count as productCount",
  "video_id as videoId",
  "generation",
  "version",
  "is_removed as isRemoved",
  "created_at_ms as createdAtMs",
] as const;

/** Streams of guests are in the same table, and no rooms: `guests/guest-store.ts`. */
const isRoom = sql<boolean>`parent_id IS NULL`;
// Literals, as in the indexes: with parameters PostgreSQL would plan each execution anew to use them.
const isListed = sql<boolean>`visibility = 'public' AND NOT is_removed`;
const isOnAir = sql<boolean>`status IN ('live', 'paused')`;
const rows = (db: Db) => db.selectFrom("live.live_streams").select(columns).where(isRoom);

export interface Row {
  readonly id: Id;
  readonly ownerId: Id;
  readonly title: string;
  readonly description: string;
  readonly coverUrl: string;
  readonly categoryId: Id | null;
  readonly visibility: Resource["visibility"];
  readonly passwordHash: string | null;
  readonly gate: Gate | null;
  readonly teaser: Teaser;
  readonly status: Status;
  readonly keyHint: string;
  readonly keepsRecording: boolean;
  readonly isAnnounced: boolean;
  readonly notifiesFollowers: boolean;
  readonly scheduledAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly onlineCount: number;
  readonly peakCount: number;
  readonly viewCount: number;
  readonly likeCount: number;
  readonly giftCount: number;
  readonly giftValue: number;
  readonly productCount: number;
  readonly videoId: Id | null;
  readonly generation: number;
  readonly version: number;
  readonly isRemoved: boolean;
  readonly createdAtMs: number;
}
export const byId = (db: Db, id: Id): Promise<Row | undefined> => rows(db).where("id", "=", id).executeTakeFirst();
export const byKey = (db: Db, keyHash: Buffer) => rows(db).where("key_hash", "=", keyHash).executeTakeFirst();
/** The row, locked until the transaction ends. */
export const lockById = (tx: Tx<Tables>, id: Id) => rows(tx).where("id", "=", id).forUpdate().executeTakeFirst();

export async function insert(tx: Tx<Tables>, row: Insertable<Tables["live.live_streams"]>): Promise<void> {
  await tx.insertInto("live.live_streams").values(row).execute();
}

export type Changes = Updateable<Tables["live.live_streams"]>;

/** Changes a room; its version grows. */
export async function update(tx: Tx<Tables>, id: Id, changes: Changes): Promise<Row | undefined> {
  return tx
    .updateTable("live.live_streams")
    .set({ ...changes, version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirst();
}

/** The video of its recording; the first where there are several. */
export const setVideo = (tx: Tx<Tables>, id: Id, videoId: Id) =>
  tx
    .updateTable("live.live_streams")
    .set({ video_id: videoId })
    .where("id", "=", id)
    .where("video_id", "is", null)
    .execute();

export async function remove(tx: Tx<Tables>, id: Id): Promise<void> {
  await tx.deleteFrom("live.live_streams").where("id", "=", id).execute();
}

/** How many rooms of an account have not ended. */
export async function openCount(db: Db, ownerId: Id): Promise<number> {
  const { count } = await db
    .selectFrom("live.live_streams")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(isRoom)
    .where("owner_id", "=", ownerId)
    .where("status", "!=", "ended")
    .executeTakeFirstOrThrow();
  return count;
}

/** The streams of an account that are on air: its rooms, and its guest streams in other rooms. */
export async function onAirOf(tx: Tx<Tables>, ownerId: Id): Promise<Id[]> {
  const rows = await tx
    .selectFrom("live.live_streams")
    .select("id")
    .where("owner_id", "=", ownerId)
    .where(isOnAir)
    .execute();
  return rows.map(({ id }) => id);
}

export const ofOwner = (tx: Tx<Tables>, ownerId: Id) => rows(tx).where("owner_id", "=", ownerId).forUpdate().execute();

/** Rooms that are live, and their viewers. */
export async function onAir(db: Db): Promise<{ rooms: number; viewers: number }> {
  return db
    .selectFrom("live.live_streams")
    .select((eb) => eb.fn.countAll<number>().as("rooms"))
    .select(sql<number>`coalesce(sum(online_count), 0)::integer`.as("viewers"))
    .where(isRoom)
    .where(isOnAir)
    .executeTakeFirstOrThrow();
}

export interface ListFilter {
  readonly status?: Status | undefined;
  readonly categoryId?: Id | undefined;
  readonly sort: "latest" | "viewers";
}

/** Public rooms: those that are live unless a status is named. */
export function publicRooms(db: Db, { status, categoryId, sort }: ListFilter, page: PageInput): Promise<Page<Row>> {
  const filtered = rows(db)
    .where(isListed)
    .where(status === undefined || status === "live" ? isOnAir : sql<boolean>`status = ${status}`)
    .$if(categoryId !== undefined, (query) => query.where("category_id", "=", categoryId ?? 0));
  const key: Readonly<Record<string, "id" | "onlineCount">> =
    sort === "viewers" ? { online_count: "onlineCount", id: "id" } : { id: "id" };
  return pageOf(db, filtered, key, page);
}

export const byIds = (db: Db, ids: readonly Id[]) => rows(db).where("id", "=", anyOf(ids)).execute();

export const batch = (db: Db, after: number, limit: number) =>
  rows(db).where("id", ">", after).orderBy("id").limit(limit).execute();

/** The rooms of a user: all, or those that others may find; whether a gate opens is decided for each viewer. */
export function roomsOf(
  db: Db,
  {
    ownerId,
    status,
    audience,
  }: { ownerId: Id; status?: Status | undefined; audience: "owner" | "follower" | "anybody" },
  page: PageInput,
): Promise<Page<Row>> {
  const isFindable: Expression<boolean> =
    audience === "follower"
      ? sql<boolean>`visibility IN ('public', 'followers', 'gated') AND NOT is_removed`
      : sql<boolean>`visibility IN ('public', 'gated') AND NOT is_removed`;
  const filtered = rows(db)
    .where("owner_id", "=", ownerId)
    .$if(audience !== "owner", (query) => query.where(isFindable))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "live"));
  return pageOf(db, filtered, { id: "id" }, page);
}
