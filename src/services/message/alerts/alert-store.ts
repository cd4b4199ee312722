import { anyOf, type Id, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

/** The first of a user's notifications that are yet to be sent. */
export interface Due {
  readonly userId: Id;
  readonly firstSeq: number;
}

/** Records that these users are to get mails; a user who is recorded already keeps the first number and the time. */
export async function addDueMails(tx: Tx<Tables>, due: readonly Due[], dueAtMs: number): Promise<void> {
  const rows = [...new Map(due.toReversed().map((entry) => [entry.userId, entry])).values()];
  await tx
    .insertInto("message.due_mails")
    .values(rows.map(({ userId, firstSeq }) => ({ user_id: userId, first_seq: firstSeq, due_at_ms: dueAtMs })))
    .onConflict((c) => c.column("user_id").doNothing())
    .execute();
}

export const dueMails = (db: Db, nowMs: number, limit: number): Promise<Due[]> =>
  db
    .selectFrom("message.due_mails")
    .select(["user_id as userId", "first_seq as firstSeq"])
    .where("due_at_ms", "<=", nowMs)
    .orderBy("due_at_ms")
    .orderBy("user_id")
    .limit(limit)
    .execute();

export const removeDueMails = (tx: Tx<Tables>, userIds: readonly Id[]) =>
  tx.deleteFrom("message.due_mails").where("user_id", "=", anyOf(userIds)).execute();

/** A group of a user's unread notifications from a number on, shown as one. */
export interface AlertRow {
  readonly userId: Id;
  readonly groupId: Id;
  readonly kind: string;
  readonly videoId: Id | null;
  readonly commentId: Id | null;
  readonly liveId: Id | null;
  readonly title: string;
  readonly content: string;
  readonly senderIds: readonly Id[];
  readonly senderCount: number;
  readonly lastSeq: number;
}

/** The unread ones of these users, each group as one, the latest first; at most `limit` for each user. */
export async function unreadSince(db: Db, due: readonly Due[], limit: number): Promise<AlertRow[]> {
  const { rows } = await sql<AlertRow>`
    SELECT g.* FROM unnest(${due.map(({ userId }) => userId)}::bigint[], ${due.map(({ firstSeq }) => firstSeq)}::bigint[])
      AS d (user_id, first_seq)
    CROSS JOIN LATERAL (
      SELECT n.user_id AS "userId", n.group_id AS "groupId",
             (array_agg(n.kind ORDER BY n.seq DESC))[1] AS kind,
             (array_agg(n.video_id ORDER BY n.seq DESC))[1] AS "videoId",
             (array_agg(n.comment_id ORDER BY n.seq DESC))[1] AS "commentId",
             (array_agg(n.live_id ORDER BY n.seq DESC))[1] AS "liveId",
             (array_agg(n.title ORDER BY n.seq DESC))[1] AS title,
             (array_agg(n.content ORDER BY n.seq DESC))[1] AS content,
             coalesce((array_agg(n.sender_id ORDER BY n.seq DESC) FILTER (WHERE n.sender_id > 0))[1:1], '{}') AS "senderIds",
             count(DISTINCT n.sender_id)::integer AS "senderCount",
             max(n.seq) AS "lastSeq"
      FROM message.notifications n
      WHERE n.user_id = d.user_id AND n.seq >= d.first_seq AND NOT n.is_read AND n.kind <> 'welcome'
      GROUP BY n.user_id, n.group_id ORDER BY max(n.seq) DESC LIMIT ${limit}) AS g`.execute(db);
  return rows;
}

/** The kinds that these users switched off as mails. */
export async function mailsOff(db: Db, userIds: readonly Id[]): Promise<ReadonlyMap<Id, readonly string[]>> {
  const rows = await db
    .selectFrom("message.settings")
    .select(["user_id as userId", "mail_off as mailOff"])
    .where("user_id", "=", anyOf(userIds))
    .execute();
  return new Map(rows.map(({ userId, mailOff }) => [userId, mailOff]));
}
