import type { Id, Reader, Tx } from "#kernel";
import { type Generated, sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** One per user: `seq` numbers their updates, in the order of commits; its writer holds the lock. */
  "message.inboxes": { user_id: Id; seq: Generated<number>; deleted_at_ms: Generated<number | null> };
  /** Two rows with one id: each side's own. `position` is that side's number of the last message. */
  "message.conversations": {
    user_id: Id;
    id: Id;
    other_id: Id;
    is_request: boolean;
    unread_count: Generated<number>;
    last_ms: Generated<number>;
    position: Generated<number>;
    cleared_to_ms: Generated<number>;
  };
  "message.messages": {
    id: Id;
    conversation_id: Id;
    created_at_ms: number;
    sender_id: Id;
    receiver_id: Id;
    type: number;
    content: string;
    media_id: Id | null;
    media_path: string;
    video_id: Id | null;
    read_at_ms: number | null;
    /** A moderator removed it: its content is visible to nobody. */
    is_removed: Generated<boolean>;
    sender_seq: number;
    receiver_seq: number;
  };
  /** One per fact: each sender has one of each `fact_id`. `group_id` is the id of the first of those that are shown as one. `sender_id` is 0 for nobody. */
  "message.notifications": {
    user_id: Id;
    seq: number;
    id: Id;
    kind: string;
    sender_id: number;
    fact_id: Id;
    subject_id: Id;
    group_id: Id;
    video_id: Id | null;
    live_id: Id | null;
    comment_id: Id | null;
    root_id: Id | null;
    title: string;
    content: string;
    is_read: Generated<boolean>;
    created_at_ms: number;
  };
  /** Updates for the devices of a user; the latest {@link updatesKept} numbers. */
  "message.updates": {
    user_id: Id;
    seq: number;
    type: string;
    item_id: Id | null;
    conversation_id: Id | null;
    created_at_ms: number;
  };
  /** The kinds a user switched off: on the site, as mails, as push messages. */
  "message.settings": {
    user_id: Id;
    off: Generated<string[]>;
    mail_off: Generated<string[]>;
    push_off: Generated<string[]>;
  };
  /** Users with notifications, from this number on, that are yet to be mailed. */
  "message.due_mails": { user_id: Id; first_seq: number; due_at_ms: number };
  /** Devices that get push messages, each while its session lasts. */
  "message.push_subscriptions": {
    endpoint_hash: string;
    user_id: Id;
    session_id: string;
    endpoint: string;
    p256dh: string;
    auth: string;
    created_at_ms: number;
  };
  /** One row: the key pair that push services know this instance by. */
  "message.push_keys": { id: Generated<boolean>; public_key: string; private_key: string };
  /** Accounts whose messages are removed, those until a time. */
  "message.sweeps": { id: Id; user_id: Id; until_ms: number; is_undone: Generated<boolean> };
  /** The messages that a sweep removed, and none that was removed before. */
  "message.swept_messages": { sweep_id: Id; message_id: Id };
  /** Tombstones: late events of deleted things are ignored. */
  "message.deleted_things": { kind: string; id: Id; at_ms: number };
}
export type Db = Reader<Tables>;

/** A client that is further behind reads the lists again. */
export const updatesKept = 1_000;

/**
 * Gives each of these users as many numbers as they are listed times, and returns the last number of each. It locks
 * their inboxes until the commit, the lowest id first everywhere, so that there are no deadlocks. Deleted users are
 * left out.
 */
export async function takeNumbers(tx: Tx<Tables>, userIds: readonly Id[]): Promise<ReadonlyMap<Id, number>> {
  const times = new Map<Id, number>();
  for (const id of userIds) times.set(id, (times.get(id) ?? 0) + 1);
  const sorted = [...times].toSorted(([a], [b]) => a - b);
  const { rows } = await sql<{ userId: Id; seq: number; isDeleted: boolean }>`
    INSERT INTO message.inboxes AS i (user_id, seq)
    SELECT id, many FROM unnest(${sorted.map(([id]) => id)}::bigint[], ${sorted.map(([, many]) => many)}::bigint[])
      AS asked (id, many) ORDER BY id
    ON CONFLICT (user_id) DO UPDATE SET seq = i.seq + excluded.seq
    RETURNING user_id AS "userId", seq, deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(tx);
  return new Map(rows.filter(({ isDeleted }) => !isDeleted).map(({ userId, seq }) => [userId, seq]));
}

/** An update in the inbox of a user, under a number of {@link takeNumbers}. */
export type NewUpdate = Tables["message.updates"];

/** Stores updates, and deletes those that are too old to be read. */
export async function addUpdates(tx: Tx<Tables>, updates: readonly NewUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  await tx
    .insertInto("message.updates")
    .values([...updates])
    .execute();
  const last = new Map<Id, number>();
  for (const { user_id, seq } of updates) last.set(user_id, Math.max(seq, last.get(user_id) ?? 0));
  await sql`DELETE FROM message.updates u USING unnest(${[...last.keys()]}::bigint[],
                                               ${[...last.values()].map((seq) => seq - updatesKept)}::bigint[]) AS old (user_id, seq)
            WHERE u.user_id = old.user_id AND u.seq <= old.seq`.execute(tx);
}

export interface UpdateRow {
  readonly seq: number;
  readonly type: string;
  readonly itemId: Id | null;
  readonly conversationId: Id | null;
  readonly createdAtMs: number;
}
export const updatesAfter = (db: Db, userId: Id, after: number, limit: number): Promise<UpdateRow[]> =>
  db
    .selectFrom("message.updates")
    .select(["seq", "type", "item_id as itemId", "conversation_id as conversationId", "created_at_ms as createdAtMs"])
    .where("user_id", "=", userId)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();

/** The last update number of each of these users; users without updates are left out. */
export async function seqsOf(db: Db, userIds: readonly Id[]): Promise<ReadonlyMap<Id, number>> {
  const { rows } = await sql<{ userId: Id; seq: number }>`
    SELECT user_id AS "userId", seq FROM message.inboxes WHERE user_id = ANY(${[...userIds]}::bigint[])`.execute(db);
  return new Map(rows.map(({ userId, seq }) => [userId, seq]));
}

export const seqOf = async (db: Db, userId: Id): Promise<number> => (await seqsOf(db, [userId])).get(userId) ?? 0;

export async function unreadOf(db: Db, userId: Id) {
  const { rows } = await sql<{ messageCount: number; requestCount: number; notificationCount: number }>`
    SELECT coalesce(sum(unread_count) FILTER (WHERE NOT is_request), 0)::integer AS "messageCount",
           count(*) FILTER (WHERE is_request)::integer AS "requestCount",
           (SELECT count(*)::integer FROM message.notifications WHERE user_id = ${userId} AND NOT is_read) AS "notificationCount"
    FROM message.conversations WHERE user_id = ${userId} AND unread_count > 0`.execute(db);
  return rows[0] ?? { messageCount: 0, requestCount: 0, notificationCount: 0 };
}

/** Kinds of things that other services delete. */
export type Thing = "video" | "live" | "comment" | "user";
const lockName = (kind: Thing, id: Id) => sql`hashtextextended(${nameOf([kind, id])}, 0)`;

/** Stores a tombstone, after transactions that notify of the thing right now have committed. */
export async function addTombstone(tx: Tx<Tables>, kind: Thing, id: Id, atMs: number): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${lockName(kind, id)})`.execute(tx);
  await tx
    .insertInto("message.deleted_things")
    .values({ kind, id, at_ms: atMs })
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function deleteTombstone(tx: Tx<Tables>, kind: Thing, id: Id): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${lockName(kind, id)})`.execute(tx);
  await tx.deleteFrom("message.deleted_things").where("kind", "=", kind).where("id", "=", id).execute();
}

export type ThingId = readonly [Thing, Id];
export const nameOf = ([kind, id]: ThingId): string => `${kind}:${id}`;

/** The names of the given things that are deleted; the others are not deleted until the commit. */
export async function deletedAmong(tx: Tx<Tables>, things: readonly ThingId[]): Promise<ReadonlySet<string>> {
  if (things.length === 0) return new Set();
  // In one order everywhere, so that there are no deadlocks.
  const names = [...new Set(things.map(nameOf))].toSorted();
  await sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(name, 0))
            FROM (SELECT name FROM unnest(${names}::text[]) WITH ORDINALITY AS given (name, place) ORDER BY place) AS sorted`.execute(
    tx,
  );
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM unnest(${names}::text[]) AS given (name)
    WHERE EXISTS (SELECT FROM message.deleted_things WHERE deleted_things.kind = split_part(name, ':', 1) AND deleted_things.id = split_part(name, ':', 2)::bigint)`.execute(
    tx,
  );
  return new Set(rows.map(({ name }) => name));
}

export const deleteTombstones = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("message.deleted_things").where("at_ms", "<", beforeMs).execute();
