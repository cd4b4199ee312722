import { type Id, type PageInput, rowsByNumberMax, type Tx } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import { sql } from "kysely";
import type { Fact } from "./facts.ts";
import type { Db, Tables } from "../store.ts";

/** Notifications that are older, or beyond this number, are deleted. */
export const keepMs = 90 * 24 * 3_600_000;
export const keepMax = 1_000;
/** Unread notifications about the same subject within this time are shown as one. */
const togetherMs = 24 * 3_600_000;
/** The most people that a merged notification names. */
const namedMax = 3;

export interface Row {
  readonly id: Id;
  readonly seq: number;
  readonly kind: string;
  readonly senderId: number;
  readonly factId: Id;
  readonly subjectId: Id;
  readonly groupId: Id;
  readonly videoId: Id | null;
  readonly commentId: Id | null;
  readonly liveId: Id | null;
  readonly title: string;
  readonly content: string;
  readonly isRead: boolean;
  readonly createdAtMs: number;
  readonly senderIds: readonly Id[];
  readonly senderCount: number;
  readonly count: number;
}
const columns = sql`n.id, n.seq, n.kind, n.sender_id AS "senderId", n.fact_id AS "factId", n.subject_id AS "subjectId",
  n.group_id AS "groupId", n.video_id AS "videoId", n.comment_id AS "commentId", n.live_id AS "liveId", n.title, n.content,
  n.created_at_ms AS "createdAtMs"`;
const alone = sql`n.is_read AS "isRead", CASE WHEN n.sender_id > 0 THEN ARRAY[n.sender_id] ELSE '{}'::bigint[] END AS "senderIds",
  (n.sender_id > 0)::integer AS "senderCount", 1 AS count`;
/** A notification merged with the earlier ones of its group, up to a number. */
const together = (asOf: number) => sql`
  NOT EXISTS (SELECT FROM message.notifications g WHERE g.user_id = n.user_id AND g.group_id = n.group_id AND NOT g.is_read AND g.seq <= ${asOf}::bigint) AS "isRead",
  coalesce((SELECT array_agg(sender_id ORDER BY latest DESC) FROM (
    SELECT g.sender_id, max(g.seq) AS latest FROM message.notifications g
    WHERE g.user_id = n.user_id AND g.group_id = n.group_id AND g.seq <= ${asOf}::bigint AND g.sender_id > 0
    GROUP BY g.sender_id ORDER BY latest DESC LIMIT ${namedMax}) AS named), '{}') AS "senderIds",
  (SELECT count(DISTINCT g.sender_id)::integer FROM message.notifications g
   WHERE g.user_id = n.user_id AND g.group_id = n.group_id AND g.seq <= ${asOf}::bigint AND g.sender_id > 0) AS "senderCount",
  (SELECT count(*)::integer FROM message.notifications g
   WHERE g.user_id = n.user_id AND g.group_id = n.group_id AND g.seq <= ${asOf}::bigint) AS count`;

export interface Filter {
  readonly kinds: readonly string[] | undefined;
  readonly unread: boolean;
  readonly merged: boolean;
}

/**
 * One page of a user's notifications, the latest first, as they were when the first page was read. The cursor carries
 * that moment, as a number of the reader's inbox.
 */
export async function listNotifications(db: Db, userId: Id, { kinds, unread, merged }: Filter, page: PageInput) {
  const { cursor, skip, limit, count } = page;
  const [asOf = 0, below = 0] = cursor === undefined ? await now(db, userId) : readCursor(cursor, 2);
  const selection = sql`FROM message.notifications n WHERE n.user_id = ${userId} AND n.seq <= ${asOf}::bigint
    AND ${kinds ? sql`n.kind = ANY(${[...kinds]}::text[])` : sql`true`} AND ${unread ? sql`NOT n.is_read` : sql`true`}
    AND ${
      merged
        ? sql`NOT EXISTS (SELECT FROM message.notifications l WHERE l.user_id = n.user_id AND l.group_id = n.group_id
                          AND l.seq > n.seq AND l.seq <= ${asOf}::bigint)`
        : sql`true`
    }`;
  const { rows } =
    await sql<Row>`SELECT ${columns}, ${merged ? together(asOf) : alone} ${selection} AND n.seq < ${below}::bigint
    ORDER BY n.seq DESC OFFSET ${skip} LIMIT ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? writeCursor([asOf, last.seq]) : null;
  if (!count) return { items, next };
  const counted = await sql<{ total: number }>`
    SELECT count(*) AS total FROM (SELECT ${selection} LIMIT ${rowsByNumberMax + 1}) AS few`.execute(db);
  return { items, next, total: counted.rows[0]?.total ?? 0 };
}
const now = async (db: Db, userId: Id): Promise<[number, number]> => {
  const row = await db.selectFrom("message.inboxes").select("seq").where("user_id", "=", userId).executeTakeFirst();
  return [row?.seq ?? 0, Number.MAX_SAFE_INTEGER];
};

/** The given notifications that belong to this user, each merged with its group where `merged`. */
export async function byIds(db: Db, userId: Id, ids: readonly Id[], merged: boolean): Promise<Row[]> {
  const { rows } = await sql<Row>`
    SELECT ${columns}, ${merged ? together(Number.MAX_SAFE_INTEGER) : alone} FROM message.notifications n
    WHERE n.user_id = ${userId} AND n.id = ANY(${[...ids]}::bigint[])`.execute(db);
  return rows;
}

/** Marks one, or all that stand together with it; yields how many were new. */
export async function read(tx: Tx<Tables>, userId: Id, id: Id, merged: boolean): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("message.notifications")
    .set({ is_read: true })
    .where("user_id", "=", userId)
    .where("is_read", "=", false)
    .where((e) =>
      merged
        ? e(
            "group_id",
            "in",
            e.selectFrom("message.notifications").select("group_id").where("user_id", "=", userId).where("id", "=", id),
          )
        : e("id", "=", id),
    )
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

export async function readAll(tx: Tx<Tables>, userId: Id): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("message.notifications")
    .set({ is_read: true })
    .where("user_id", "=", userId)
    .where("is_read", "=", false)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** The given facts that have no notification yet and that their recipients want. */
export async function findUndelivered(db: Db, facts: readonly Fact[]): Promise<Fact[]> {
  const { rows } = await sql<{ place: number }>`
    SELECT place::integer AS place FROM unnest(${facts.map((fact) => fact.userId)}::bigint[], ${facts.map((fact) => fact.kind)}::text[],
      ${facts.map((fact) => fact.factId)}::bigint[], ${facts.map((fact) => fact.senderId ?? 0)}::bigint[])
      WITH ORDINALITY AS f (user_id, kind, fact_id, sender_id, place)
    WHERE NOT EXISTS (SELECT FROM message.notifications n WHERE n.user_id = f.user_id AND n.kind = f.kind
                      AND n.fact_id = f.fact_id AND n.sender_id = f.sender_id)
      AND NOT EXISTS (SELECT FROM message.settings s WHERE s.user_id = f.user_id AND f.kind = ANY(s.off))`.execute(db);
  const places = new Set(rows.map(({ place }) => place - 1));
  return facts.filter((_, place) => places.has(place));
}

export interface NewRow extends Fact {
  readonly id: Id;
  readonly seq: number;
  readonly createdAtMs: number;
}

/** Keeps facts, each with the group of its subject where there is one, else with the first of these. Their inboxes are locked. */
export async function insert(tx: Tx<Tables>, rows: readonly NewRow[]): Promise<void> {
  await sql`
    INSERT INTO message.notifications (user_id, seq, id, kind, sender_id, fact_id, subject_id, group_id, video_id, live_id, comment_id, root_id,
                               title, content, created_at_ms)
    SELECT f.user_id, f.seq, f.id, f.kind, f.sender_id, f.fact_id, f.subject_id,
           coalesce((SELECT n.group_id FROM message.notifications n WHERE n.user_id = f.user_id AND n.kind = f.kind
                     AND n.subject_id = f.subject_id AND NOT n.is_read AND n.created_at_ms > f.at_ms - ${togetherMs}::bigint
                     ORDER BY n.seq DESC LIMIT 1),
                    first_value(f.id) OVER (PARTITION BY f.user_id, f.kind, f.subject_id ORDER BY f.seq)),
           f.video_id, f.live_id, f.comment_id, f.root_id, f.title, f.content, f.at_ms
    FROM unnest(${rows.map((r) => r.userId)}::bigint[], ${rows.map((r) => r.seq)}::bigint[], ${rows.map((r) => r.id)}::bigint[],
                ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.senderId ?? 0)}::bigint[],
                ${rows.map((r) => r.factId)}::bigint[], ${rows.map((r) => r.subjectId)}::bigint[],
                ${rows.map((r) => r.videoId)}::bigint[], ${rows.map((r) => r.liveId)}::bigint[], ${rows.map((r) => r.commentId)}::bigint[],
                ${rows.map((r) => r.rootId)}::bigint[], ${rows.map((r) => r.title)}::text[], ${rows.map((r) => r.content)}::text[],
                ${rows.map((r) => r.createdAtMs)}::bigint[])
      AS f (user_id, seq, id, kind, sender_id, fact_id, subject_id, video_id, live_id, comment_id, root_id, title, content, at_ms)`.execute(
    tx,
  );
  await sql`DELETE FROM message.notifications n USING (
      SELECT u.id AS user_id, (SELECT o.seq FROM message.notifications o WHERE o.user_id = u.id ORDER BY o.seq DESC OFFSET ${keepMax} LIMIT 1) AS seq
      FROM unnest(${userIdsOf(rows)}::bigint[]) AS u (id)) AS old
    WHERE n.user_id = old.user_id AND n.seq <= old.seq`.execute(tx);
}

const userIdsOf = (rows: readonly { userId: Id }[]): Id[] => [...new Set(rows.map(({ userId }) => userId))];

/** Removes notifications about a video, other than those from the user `exceptOf`. @returns whose they were */
export async function dropSomeOfVideo(tx: Tx<Tables>, videoId: Id, exceptOf: Id | null, some: number): Promise<Id[]> {
  const { rows } = await sql<{ userId: Id }>`DELETE FROM message.notifications WHERE (user_id, seq) IN (
      SELECT user_id, seq FROM message.notifications WHERE video_id = ${videoId} AND user_id IS DISTINCT FROM ${exceptOf}::bigint LIMIT ${some})
    RETURNING user_id AS "userId"`.execute(tx);
  return userIdsOf(rows);
}
/** Removes notifications about a live room. @returns whose they were */
export async function dropSomeOfLive(tx: Tx<Tables>, liveId: Id, some: number): Promise<Id[]> {
  const { rows } = await sql<{ userId: Id }>`DELETE FROM message.notifications WHERE (user_id, seq) IN (
      SELECT user_id, seq FROM message.notifications WHERE live_id = ${liveId} LIMIT ${some})
    RETURNING user_id AS "userId"`.execute(tx);
  return userIdsOf(rows);
}
/** Removes notifications about a comment or its replies. */
export async function dropComment(tx: Tx<Tables>, id: Id): Promise<Id[]> {
  const { rows } = await sql<{
    userId: Id;
  }>`DELETE FROM message.notifications WHERE comment_id = ${id} OR root_id = ${id}
    RETURNING user_id AS "userId"`.execute(tx);
  return userIdsOf(rows);
}
/** Removes the notifications two users caused each other. */
export async function dropBetween(tx: Tx<Tables>, userId: Id, otherId: Id): Promise<Id[]> {
  const { rows } = await sql<{ userId: Id }>`DELETE FROM message.notifications
    WHERE (user_id, sender_id) IN ((${userId}, ${otherId}), (${otherId}, ${userId})) RETURNING user_id AS "userId"`.execute(
    tx,
  );
  return userIdsOf(rows);
}
export const dropOld = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("message.notifications").where("created_at_ms", "<", beforeMs).execute();

/** The kinds that a user switched off: on the site, as mails, as push messages. */
export interface DisabledKinds {
  readonly off: readonly string[];
  readonly mailOff: readonly string[];
  readonly pushOff: readonly string[];
}

export async function disabledKinds(db: Db, userId: Id): Promise<DisabledKinds> {
  const settings = await db
    .selectFrom("message.settings")
    .select(["off", "mail_off as mailOff", "push_off as pushOff"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return settings ?? { off: [], mailOff: [], pushOff: [] };
}
export async function setDisabledKinds(tx: Tx<Tables>, user_id: Id, kinds: DisabledKinds): Promise<void> {
  const row = { off: [...kinds.off], mail_off: [...kinds.mailOff], push_off: [...kinds.pushOff] };
  await tx
    .insertInto("message.settings")
    .values({ user_id, ...row })
    .onConflict((c) => c.column("user_id").doUpdateSet(row))
    .execute();
}
/** Nothing else changes this person's settings until the commit. */
export const lockSettings = (tx: Tx<Tables>, userId: Id) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`message.settings:${userId}`}, 0))`.execute(tx);
