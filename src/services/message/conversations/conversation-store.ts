import { anyOf, type Id, type PageInput, pageOf, rowsByNumberMax, type Tx } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import { type Insertable, sql } from "kysely";
import type { Db, Tables } from "../store.ts";

export interface Row {
  readonly id: Id;
  readonly conversationId: Id;
  readonly senderId: Id;
  readonly receiverId: Id;
  readonly type: number;
  readonly content: string;
  readonly mediaId: Id | null;
  readonly mediaPath: string;
  readonly videoId: Id | null;
  readonly readAtMs: number | null;
  /** The receiver has it among requests, and the sender must not learn what became of it. */
  readonly isHeld: boolean;
  readonly createdAtMs: number;
}

/** A message that a moderator removed loses its content but stays in the list. */
const messageColumns = [
  "m.id",
  "m.conversation_id as conversationId",
  "m.sender_id as senderId",
  "m.receiver_id as receiverId",
  sql<number>`CASE WHEN m.is_removed THEN 1 ELSE m.type END`.as("type"),
  sql<string>`CASE WHEN m.is_removed THEN '' ELSE m.content END`.as("content"),
  sql<Id | null>`CASE WHEN m.is_removed THEN NULL ELSE m.media_id END`.as("mediaId"),
  sql<string>`CASE WHEN m.is_removed THEN '' ELSE m.media_path END`.as("mediaPath"),
  sql<Id | null>`CASE WHEN m.is_removed THEN NULL ELSE m.video_id END`.as("videoId"),
  "m.read_at_ms as readAtMs",
  "m.created_at_ms as createdAtMs",
] as const;

const messages = (db: Db) =>
  db
    .selectFrom("message.messages as m")
    .leftJoin("message.conversations as r", (join) =>
      join.onRef("r.user_id", "=", "m.receiver_id").onRef("r.id", "=", "m.conversation_id"),
    )
    .select(messageColumns)
    .select(sql<boolean>`coalesce(r.is_request, false)`.as("isHeld"));

/** The messages of these ids that this person wrote or was sent, and did not clear away. */
export const messagesOf = (db: Db, userId: Id, ids: readonly Id[]): Promise<Row[]> =>
  messages(db)
    .innerJoin("message.conversations as c", (join) =>
      join.onRef("c.id", "=", "m.conversation_id").on("c.user_id", "=", userId),
    )
    .where("m.id", "=", anyOf(ids))
    .whereRef("m.created_at_ms", ">", "c.cleared_to_ms")
    .execute();

/** The last message of each of these conversations that this person has. */
export const latest = (db: Db, userId: Id, conversationIds: readonly Id[]): Promise<Row[]> =>
  messages(db)
    .innerJoin("message.conversations as c", (join) =>
      join
        .onRef("c.id", "=", "m.conversation_id")
        .onRef("c.last_ms", "=", "m.created_at_ms")
        .on("c.user_id", "=", userId),
    )
    .where("c.id", "=", anyOf(conversationIds))
    .whereRef("c.last_ms", ">", "c.cleared_to_ms")
    .execute();

/** The messages of a conversation since this instant, the newest first. */
export const messagesSince = (db: Db, conversationId: Id, sinceMs: number, page: PageInput) =>
  pageOf(
    db,
    messages(db).where("m.conversation_id", "=", conversationId).where("m.created_at_ms", ">", sinceMs),
    { "m.created_at_ms": "createdAtMs" },
    page,
  );

export const messagesAfter = (db: Db, conversationId: Id, afterMs: number, limit: number): Promise<Row[]> =>
  messages(db)
    .where("m.conversation_id", "=", conversationId)
    .where("m.created_at_ms", ">", afterMs)
    .orderBy("m.created_at_ms")
    .limit(limit)
    .execute();

export interface Side {
  readonly userId: Id;
  readonly id: Id;
  readonly otherId: Id;
  readonly isRequest: boolean;
  readonly unreadCount: number;
  readonly lastMs: number;
  readonly clearedToMs: number;
}
const sideColumns = [
  "user_id as userId",
  "id",
  "other_id as otherId",
  "is_request as isRequest",
  "unread_count as unreadCount",
  "last_ms as lastMs",
  "cleared_to_ms as clearedToMs",
] as const;

export const sideOf = (db: Db, userId: Id, id: Id): Promise<Side | undefined> =>
  db
    .selectFrom("message.conversations")
    .select(sideColumns)
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .executeTakeFirst();

/** This user's sides of the conversations with the given users. */
export const sidesWith = (db: Db, userId: Id, otherIds: readonly Id[]): Promise<Side[]> =>
  db
    .selectFrom("message.conversations")
    .select(sideColumns)
    .where("user_id", "=", userId)
    .where("other_id", "=", anyOf(otherIds))
    .execute();

/** Both sides of a conversation between two users, created where there is none. Their inboxes are locked. */
export const openBoth = (
  tx: Tx<Tables>,
  { id, senderId, receiverId, isRequest }: { id: Id; senderId: Id; receiverId: Id; isRequest: boolean },
): Promise<Side[]> =>
  tx
    .insertInto("message.conversations")
    .values([
      { user_id: senderId, other_id: receiverId, id, is_request: false },
      { user_id: receiverId, other_id: senderId, id, is_request: isRequest },
    ])
    .onConflict((c) =>
      c.columns(["user_id", "other_id"]).doUpdateSet((e) => ({ other_id: e.ref("excluded.other_id") })),
    )
    .returning(sideColumns)
    .execute();

/**
 * Adds a message to both sides. It is unread for the receiver; an answer accepts a message request. Their inboxes are
 * locked.
 */
export async function add(tx: Tx<Tables>, row: Insertable<Tables["message.messages"]>): Promise<void> {
  await tx.insertInto("message.messages").values(row).execute();
  await sql`
    UPDATE message.conversations SET last_ms = ${row.created_at_ms},
      position     = CASE WHEN user_id = ${row.sender_id} THEN ${row.sender_seq}::bigint ELSE ${row.receiver_seq}::bigint END,
      unread_count = unread_count + CASE WHEN user_id = ${row.receiver_id} THEN 1 ELSE 0 END,
      is_request   = is_request AND user_id = ${row.receiver_id}
    WHERE user_id IN (${row.sender_id}, ${row.receiver_id}) AND id = ${row.conversation_id}`.execute(tx);
}

/** Notes that this side has read all it has. Its inbox is locked. */
export async function read(tx: Tx<Tables>, { userId, id, clearedToMs }: Side, nowMs: number): Promise<void> {
  await tx
    .updateTable("message.messages")
    .set({ read_at_ms: nowMs })
    .where("conversation_id", "=", id)
    .where("receiver_id", "=", userId)
    .where("read_at_ms", "is", null)
    .where("created_at_ms", ">", clearedToMs)
    .execute();
  await tx
    .updateTable("message.conversations")
    .set({ unread_count: 0 })
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .execute();
}

/** True if this side was a request. Its inbox is locked. */
export async function accept(tx: Tx<Tables>, userId: Id, id: Id): Promise<boolean> {
  const { numUpdatedRows: changed } = await tx
    .updateTable("message.conversations")
    .set({ is_request: false })
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .where("is_request", "=", true)
    .executeTakeFirstOrThrow();
  return changed === 1n;
}

/** Empties a conversation for one side; what neither side has any more goes. Both inboxes are locked. */
export async function clear(tx: Tx<Tables>, { userId, id }: Pick<Side, "userId" | "id">): Promise<void> {
  await sql`UPDATE message.conversations SET cleared_to_ms = last_ms, unread_count = 0 WHERE user_id = ${userId} AND id = ${id}`.execute(
    tx,
  );
  await sql`DELETE FROM message.messages WHERE conversation_id = ${id}
    AND created_at_ms <= (SELECT min(cleared_to_ms) FROM message.conversations WHERE id = ${id})`.execute(tx);
}

/** A moderator took it away, or gave it back. */
export const setRemoved = (tx: Tx<Tables>, messageId: Id, is_removed: boolean) =>
  tx.updateTable("message.messages").set({ is_removed }).where("id", "=", messageId).execute();

export type Folder = "all" | "inbox" | "requests";

/**
 * One page of a user's conversations, the latest first, as they were when the first page was read: what was said since
 * moves none of them past the reader. The cursor carries that moment, as a number of the reader's inbox.
 */
export async function listConversations(db: Db, userId: Id, folder: Folder, { cursor, skip, limit, count }: PageInput) {
  const [asOf = 0, below = 0] = cursor === undefined ? await now(db, userId) : readCursor(cursor, 2);
  const inFolder = folder === "all" ? sql`true` : folder === "requests" ? sql`c.is_request` : sql`NOT c.is_request`;
  const isListed = sql`c.user_id = ${userId} AND c.last_ms > c.cleared_to_ms AND ${inFolder}`;
  const needed = skip + limit + 1;
  const { rows } = await sql<Side & { place: number; messageId: Id }>`
    SELECT c.user_id AS "userId", c.id, c.other_id AS "otherId", c.is_request AS "isRequest",
           c.unread_count AS "unreadCount", c.last_ms AS "lastMs", c.cleared_to_ms AS "clearedToMs", place,
           (SELECT m.id FROM message.messages m WHERE m.conversation_id = c.id AND m.created_at_ms = c.last_ms) AS "messageId"
    FROM (
      (SELECT c.id, c.position AS place FROM message.conversations c
       WHERE ${isListed} AND c.position < ${below} AND c.position <= ${asOf} ORDER BY c.position DESC LIMIT ${needed})
      UNION ALL
      (SELECT c.id, was.place FROM message.conversations c, LATERAL (
         SELECT CASE WHEN m.sender_id = ${userId} THEN m.sender_seq ELSE m.receiver_seq END AS place FROM message.messages m
         WHERE m.conversation_id = c.id AND m.created_at_ms > c.cleared_to_ms
           AND CASE WHEN m.sender_id = ${userId} THEN m.sender_seq ELSE m.receiver_seq END <= ${asOf}
         ORDER BY m.created_at_ms DESC LIMIT 1) AS was
       WHERE ${isListed} AND c.position > ${asOf} AND was.place < ${below})
    ) AS near JOIN message.conversations c ON c.user_id = ${userId} AND c.id = near.id
    ORDER BY place DESC OFFSET ${skip} LIMIT ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? writeCursor([asOf, last.place]) : null;
  if (!count) return { items, next };
  const counted = await sql<{ total: number }>`
    SELECT count(*) AS total FROM (SELECT FROM message.conversations c WHERE ${isListed} LIMIT ${rowsByNumberMax + 1}) AS few`.execute(
    db,
  );
  return { items, next, total: counted.rows[0]?.total ?? 0 };
}

const now = async (db: Db, userId: Id): Promise<[number, number]> => {
  const inbox = await db.selectFrom("message.inboxes").select("seq").where("user_id", "=", userId).executeTakeFirst();
  return [inbox?.seq ?? 0, Number.MAX_SAFE_INTEGER];
};
