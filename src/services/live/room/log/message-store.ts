import { type Db as Database, type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { personOf } from "#policy/persons";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";

/** A message that has no number yet. */
export interface Entry {
  readonly kind: string;
  readonly class: "reliable" | "chat";
  readonly userId: Id | undefined;
  readonly username: string;
  /** JSON. */
  readonly payload: string;
  readonly atMs: number;
}

const columns = [
  "seq",
  "kind",
  "user_id as userId",
  "username",
  "payload",
  "at_ms as atMs",
  "is_deleted as isDeleted",
] as const;
const rows = (db: Db) => db.selectFrom("live.room_messages").select(columns);

export interface MessageRow {
  readonly seq: number;
  readonly kind: string;
  readonly userId: Id | null;
  readonly username: string;
  readonly payload: string;
  readonly atMs: number;
  readonly isDeleted: boolean;
}
export const messageOf = (db: Db, liveId: Id, seq: number): Promise<MessageRow | undefined> =>
  rows(db).where("live_id", "=", liveId).where("seq", "=", seq).where("is_deleted", "=", false).executeTakeFirst();

/**
 * Stores messages under as many new numbers, and returns the last number; undefined without the room. The lock on the
 * room's sequence is held until the commit, so that messages become visible in the order of their numbers. Messages of
 * accounts that were deleted since keep only their numbers.
 */
export async function append(tx: Tx<Tables>, liveId: Id, entries: readonly Entry[]): Promise<number | undefined> {
  // Before anything is locked: an account that is there now stays until the commit, and its deletion finds the rows.
  const deleted = await deletedAmong(
    tx,
    entries.flatMap(({ userId }) => userId ?? []),
  );
  const { rows: logs } = await sql<{ seq: number }>`
    INSERT INTO live.room_logs AS log (live_id, seq)
    SELECT id, ${entries.length}::bigint FROM live.live_streams WHERE id = ${liveId}
    ON CONFLICT (live_id) DO UPDATE SET seq = log.seq + ${entries.length}::bigint RETURNING seq`.execute(tx);
  const seq = logs[0]?.seq;
  if (seq === undefined) return undefined;
  const first = seq - entries.length + 1;
  await tx
    .insertInto("live.room_messages")
    .values(
      entries.map(({ kind, class: type, userId, username, payload, atMs }, place) => ({
        live_id: liveId,
        seq: first + place,
        kind,
        class: type,
        at_ms: atMs,
        ...(userId !== undefined && deleted.has(userId)
          ? { user_id: null, username: "", payload: "{}", is_deleted: true }
          : { user_id: userId ?? null, username, payload, is_deleted: false }),
      })),
    )
    .execute();
  return seq;
}

/** Marks a room as over; false where it was already. */
export async function markOver(db: Database<Tables>, liveId: Id): Promise<boolean> {
  return db.tx(async (tx) => {
    const { rows: marked } = await sql<{ seq: number }>`
      INSERT INTO live.room_logs AS log (live_id, seq, is_over)
      SELECT id, 0, TRUE FROM live.live_streams WHERE id = ${liveId}
      ON CONFLICT (live_id) DO UPDATE SET is_over = TRUE WHERE NOT log.is_over RETURNING seq`.execute(tx);
    return marked.length > 0;
  });
}

/** How far the sequences of rooms are; 0 for one in which nothing happened yet. */
export async function seqsOf(db: Db, liveIds: readonly Id[]): Promise<ReadonlyMap<Id, number>> {
  const logs = await db
    .selectFrom("live.room_logs")
    .select(["live_id as liveId", "seq"])
    .where(sql<boolean>`live_id = ANY(${[...liveIds]}::bigint[])`)
    .execute();
  return new Map(logs.map(({ liveId, seq }) => [liveId, seq]));
}

/** The newest messages after one number up to another, at most `limit`, in their order. */
export async function between(db: Db, liveId: Id, after: number, seq: number, limit: number) {
  const newest = await rows(db)
    .where("live_id", "=", liveId)
    .where("seq", ">", after)
    .where("seq", "<=", seq)
    .where("is_deleted", "=", false)
    .orderBy("seq", "desc")
    .limit(limit)
    .execute();
  return newest.toReversed();
}

/** Messages of users after a number, in their order. */
export const chatAfter = (
  db: Db,
  liveId: Id,
  { after, sinceMs }: { readonly after: number; readonly sinceMs: number },
  limit: number,
) =>
  rows(db)
    .where("live_id", "=", liveId)
    .where("seq", ">", after)
    .where("at_ms", ">=", sinceMs)
    .where("kind", "=", "chat")
    .where("is_deleted", "=", false)
    .orderBy("seq")
    .limit(limit)
    .execute();

export function pageOfMessages(db: Db, liveId: Id, page: PageInput): Promise<Page<MessageRow>> {
  const messages = rows(db).where("live_id", "=", liveId).where("is_deleted", "=", false);
  return pageOf(db, messages, { seq: "seq" }, page);
}

/** False where it was deleted already. Its text is gone; its number stays. */
export async function deleteMessage(tx: Tx<Tables>, liveId: Id, seq: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("live.room_messages")
    .set({ is_deleted: true, payload: "{}" })
    .where("live_id", "=", liveId)
    .where("seq", "=", seq)
    .where("is_deleted", "=", false)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Replaces the text of a message that is shown, and leaves all else of it. */
export async function setPayloadText(tx: Tx<Tables>, liveId: Id, seq: number, message: string): Promise<void> {
  await sql`
    UPDATE live.room_messages SET payload = (payload::jsonb || jsonb_build_object('message', ${message}::text))::text
    WHERE live_id = ${liveId} AND seq = ${seq} AND NOT is_deleted`.execute(tx);
}

/** Deletes what is of one account in every room: as a viewer, and as who is restricted. */
export async function forgetUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  for (const table of [
    "live.room_messages",
    "live.room_moderators",
    "live.room_restrictions",
    "live.held_messages",
    "live.room_joins",
    "live.room_attendees",
    "live.room_visitors",
  ] as const)
    await tx.deleteFrom(table).where("user_id", "=", userId).execute();
  await tx.deleteFrom("live.room_persons").where("person", "=", personOf({ userId })).execute();
}

/** Deletes the messages of rooms that ended before a time and were not recorded. Yields how many rows went. */
export async function purge(tx: Tx<Tables>, endedBeforeMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM live.room_messages WHERE live_id IN (
      SELECT id FROM live.live_streams WHERE status = 'ended' AND NOT keeps_recording AND ended_at_ms < ${endedBeforeMs}
        AND EXISTS (SELECT FROM live.room_messages m WHERE m.live_id = live_streams.id)
      LIMIT 100)`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Adds to the likes of a room; yields their sum. */
export async function addLikes(db: Database<Tables>, liveId: Id, count: number): Promise<number | undefined> {
  return db.tx(async (tx) => {
    const row = await tx
      .updateTable("live.live_streams")
      .set({ like_count: sql<number>`like_count + ${count}` })
      .where("id", "=", liveId)
      .returning("like_count as likes")
      .executeTakeFirst();
    return row?.likes;
  });
}
