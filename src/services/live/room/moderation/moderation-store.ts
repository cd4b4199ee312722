import { type Id, inOrderOf, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { type Insertable, sql } from "kysely";
import type { ChatSettings } from "../../contract.ts";
import type { Db, Tables } from "../../store.ts";

type Keywords = ChatSettings["keywords"];
/** How a room is moderated. */
export interface Rules extends Omit<ChatSettings, "mayModerate"> {
  readonly pinnedSeq: number | null;
}
const usual: Rules = {
  isOpen: true,
  slowMode: 0,
  followersOnly: false,
  holdLinks: true,
  keywords: [],
  pinnedSeq: null,
};

export async function rulesOf(db: Db, liveId: Id): Promise<Rules> {
  const row = await db
    .selectFrom("live.room_chats")
    .select([
      "is_open as isOpen",
      "slow_ms as slowMs",
      "followers_only as followersOnly",
      "hold_links as holdLinks",
      "keywords",
      "pinned_seq as pinnedSeq",
    ])
    .where("live_id", "=", liveId)
    .executeTakeFirst();
  if (!row) return usual;
  const { slowMs, keywords, ...otherRules } = row;
  return { ...otherRules, slowMode: slowMs / 1_000, keywords: JSON.parse(keywords) as Keywords }; // As it was written below.
}

export async function setRules(tx: Tx<Tables>, liveId: Id, rules: Rules): Promise<void> {
  const columns = {
    is_open: rules.isOpen,
    slow_ms: rules.slowMode * 1_000,
    followers_only: rules.followersOnly,
    hold_links: rules.holdLinks,
    keywords: JSON.stringify(rules.keywords),
    pinned_seq: rules.pinnedSeq,
  };
  await tx
    .insertInto("live.room_chats")
    .values({ live_id: liveId, ...columns })
    .onConflict((conflict) => conflict.column("live_id").doUpdateSet(columns))
    .execute();
}

export const moderatorsOf = (db: Db, liveId: Id) =>
  db
    .selectFrom("live.room_moderators")
    .select(["user_id as userId", "created_at_ms as createdAtMs"])
    .where("live_id", "=", liveId)
    .orderBy("created_at_ms")
    .execute();

export async function addModerator(tx: Tx<Tables>, liveId: Id, userId: Id, nowMs: number): Promise<void> {
  await tx
    .insertInto("live.room_moderators")
    .values({ live_id: liveId, user_id: userId, created_at_ms: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function removeModerator(tx: Tx<Tables>, liveId: Id, userId: Id): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("live.room_moderators")
    .where("live_id", "=", liveId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

const isInForce = (nowMs: number) => sql<boolean>`(until_ms IS NULL OR until_ms > ${nowMs})`;
const restrictionColumns = [
  "user_id as userId",
  "kind",
  "until_ms as untilMs",
  "created_at_ms as createdAtMs",
] as const;

/** The measures in force against one account. */
export const restrictionsOf = (db: Db, liveId: Id, userId: Id, nowMs: number) =>
  db
    .selectFrom("live.room_restrictions")
    .select(restrictionColumns)
    .where("live_id", "=", liveId)
    .where("user_id", "=", userId)
    .where(isInForce(nowMs))
    .execute();

export interface Standing {
  readonly liveId: Id;
  readonly userId: Id;
}
/** One restriction in force, bans first, for each account that has one in its room. */
export async function restrictionsIn(db: Db, standings: readonly Standing[], nowMs: number) {
  const { rows } = await sql<Standing & { readonly kind: "ban" | "mute"; readonly untilMs: number | null }>`
    SELECT DISTINCT ON (live_id, user_id) live_id AS "liveId", user_id AS "userId", kind, until_ms AS "untilMs"
    FROM live.room_restrictions
    JOIN unnest(${standings.map(({ liveId }) => liveId)}::bigint[], ${standings.map(({ userId }) => userId)}::bigint[])
      AS asked (live_id, user_id) USING (live_id, user_id)
    WHERE ${isInForce(nowMs)} ORDER BY live_id, user_id, kind`.execute(db);
  return inOrderOf(
    standings.map(({ liveId, userId }) => `${liveId} ${userId}`),
    rows,
    ({ liveId, userId }) => `${liveId} ${userId}`,
  );
}

/** The accounts among these that are banned from a room. */
export async function bannedAmong(db: Db, liveId: Id, userIds: readonly Id[], nowMs: number): Promise<ReadonlySet<Id>> {
  const bans = await db
    .selectFrom("live.room_restrictions")
    .select("user_id as userId")
    .where("live_id", "=", liveId)
    .where("kind", "=", "ban")
    .where(isInForce(nowMs))
    .where(sql<boolean>`user_id = ANY(${[...userIds]}::bigint[])`)
    .execute();
  return new Set(bans.map(({ userId }) => userId));
}

export function pageOfRestrictions(db: Db, liveId: Id, nowMs: number, page: PageInput) {
  const restrictions = db
    .selectFrom("live.room_restrictions")
    .select(restrictionColumns)
    .where("live_id", "=", liveId)
    .where(isInForce(nowMs));
  return pageOf(db, restrictions, { created_at_ms: "createdAtMs", user_id: "userId" }, page);
}

export async function restrict(tx: Tx<Tables>, row: Insertable<Tables["live.room_restrictions"]>): Promise<void> {
  await tx
    .insertInto("live.room_restrictions")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["live_id", "user_id", "kind"]).doUpdateSet({ until_ms: row.until_ms ?? null }),
    )
    .execute();
}

export async function unrestrict(tx: Tx<Tables>, liveId: Id, userId: Id, kind: "mute" | "ban"): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("live.room_restrictions")
    .where("live_id", "=", liveId)
    .where("user_id", "=", userId)
    .where("kind", "=", kind)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

const heldColumns = [
  "id",
  "user_id as userId",
  "username",
  "payload",
  "reason",
  "gift_record_id as giftRecordId",
  "created_at_ms as createdAtMs",
] as const;

export async function hold(tx: Tx<Tables>, row: Insertable<Tables["live.held_messages"]>): Promise<void> {
  await tx.insertInto("live.held_messages").values(row).execute();
}

export function pageOfHeld(db: Db, liveId: Id, page: PageInput): Promise<Page<HeldRow>> {
  const heldMessages = db.selectFrom("live.held_messages").select(heldColumns).where("live_id", "=", liveId);
  return pageOf(db, heldMessages, { id: "id" }, page);
}

export interface HeldRow {
  readonly id: Id;
  readonly userId: Id;
  readonly createdAtMs: number;
  readonly username: string;
  readonly payload: string;
  readonly reason: string;
  readonly giftRecordId: Id | null;
}
/** The held message, which is held no longer: one of two that decide gets it. */
export const takeHeld = (tx: Tx<Tables>, liveId: Id, id: Id): Promise<HeldRow | undefined> =>
  tx
    .deleteFrom("live.held_messages")
    .where("live_id", "=", liveId)
    .where("id", "=", id)
    .returning(heldColumns)
    .executeTakeFirst();
