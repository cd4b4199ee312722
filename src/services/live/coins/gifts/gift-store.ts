import type { Status } from "#events/live";
import { anyOf, type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { sql } from "kysely";
import { setPayloadText } from "../../room/log/message-store.ts";
import type { Gift } from "../../contract.ts";
import type { Db, Tables } from "../../store.ts";

export const catalogue = (db: Db): Promise<Gift[]> =>
  db
    .selectFrom("live.live_gifts")
    .select(["id", "name", "slug", "icon", "animation", "price", "type", "level"])
    .orderBy("price")
    .orderBy("id")
    .execute();

const rows = (db: Db) =>
  db
    .selectFrom("live.live_gift_records as record")
    .innerJoin("live.live_gifts as gift", "gift.id", "record.gift_id")
    .select([
      "record.id",
      "record.transfer_id as transferId",
      "record.live_id as liveId",
      "record.user_id as userId",
      "record.target_id as targetId",
      "record.gift_id as giftId",
      "gift.name as giftName",
      "gift.slug as giftSlug",
      "gift.icon as giftIcon",
      "record.quantity",
      "record.unit_price as unitPrice",
      "record.total_value as totalValue",
      "record.combo_count as comboCount",
      "record.balance",
      "record.message",
      "record.message_seq as messageSeq",
      "record.message_status as messageStatus",
      "record.message_reason as messageReason",
      "record.is_anonymous as isAnonymous",
      "record.at_ms as createdAtMs",
    ]);

export const ofRoom = (db: Db, liveId: Id, page: PageInput): Promise<Page<Row>> =>
  pageOf(db, rows(db).where("record.live_id", "=", liveId), { "record.id": "id" }, page);

/** The gifts of a user in all rooms. */
export const ofSender = (db: Db, userId: Id, page: PageInput): Promise<Page<Row>> =>
  pageOf(db, rows(db).where("record.user_id", "=", userId), { "record.id": "id" }, page);

export interface Row {
  readonly id: Id;
  readonly transferId: string;
  readonly liveId: Id;
  readonly userId: Id | null;
  readonly targetId: Id;
  readonly giftId: Id;
  readonly giftName: string;
  readonly giftSlug: string;
  readonly giftIcon: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly totalValue: number;
  readonly comboCount: number;
  readonly balance: number;
  readonly message: string;
  readonly messageSeq: number | null;
  readonly messageStatus: "deleted" | "sent" | "held" | "refused";
  readonly messageReason: string;
  readonly isAnonymous: boolean;
  readonly createdAtMs: number;
}
/** The records of gifts that were paid by these transfers. */
export const ofTransfers = (tx: Tx<Tables>, ids: readonly string[]): Promise<Row[]> =>
  rows(tx).where("record.transfer_id", "=", sql<string>`ANY(${ids}::uuid[])`).execute();

/** Locks rooms in the order of their ids. Messages of a room may be added by others meanwhile. */
export const lockRooms = (tx: Tx<Tables>, ids: readonly Id[]): Promise<{ id: Id; ownerId: Id; status: Status }[]> =>
  tx
    .selectFrom("live.live_streams")
    .select(["id", "owner_id as ownerId", "status"])
    .where("id", "=", anyOf(ids))
    .orderBy("id")
    .forNoKeyUpdate()
    .execute();

/** Gifts of one sender, room and kind; anonymous ones are a series of their own, or their count would say who gave them. */
export interface Series {
  readonly liveId: Id;
  readonly userId: Id;
  readonly giftId: Id;
  readonly isAnonymous: boolean;
}
export interface Combo extends Series {
  readonly comboCount: number;
  readonly atMs: number;
}

/** The last gift of each series after a time. */
export async function lastOf(tx: Tx<Tables>, series: readonly Series[], afterMs: number): Promise<Combo[]> {
  const numbers = (["liveId", "userId", "giftId"] as const).map(
    (field) => sql`${series.map((gift) => gift[field])}::bigint[]`,
  );
  const { rows: combos } = await sql<Combo>`
    SELECT last.live_id AS "liveId", last.user_id AS "userId", last.gift_id AS "giftId",
           last.is_anonymous AS "isAnonymous", last.combo_count AS "comboCount", last.at_ms AS "atMs"
    FROM unnest(${sql.join(numbers)}, ${series.map(({ isAnonymous }) => isAnonymous)}::boolean[])
      AS series (live_id, user_id, gift_id, is_anonymous)
    CROSS JOIN LATERAL (
      SELECT * FROM live.live_gift_records AS record
      WHERE record.user_id = series.user_id AND record.live_id = series.live_id AND record.gift_id = series.gift_id
        AND record.is_anonymous = series.is_anonymous
      ORDER BY id DESC LIMIT 1
    ) AS last WHERE last.at_ms >= ${afterMs}`.execute(tx);
  return combos;
}

/** A record that has its sender, as every one that is made. */
export type NewRow = Row & { readonly userId: Id };

/** Adds records, and what they change of their rooms and givers, in one statement. The rooms are locked. */
export async function insert(tx: Tx<Tables>, records: readonly NewRow[]): Promise<void> {
  const numbers = (
    [
      "id",
      "liveId",
      "userId",
      "targetId",
      "giftId",
      "quantity",
      "unitPrice",
      "totalValue",
      "comboCount",
      "balance",
      "createdAtMs",
      "messageSeq",
    ] as const
  ).map((field) => sql`${records.map((record) => record[field])}::bigint[]`);
  const texts = (["transferId", "message", "messageStatus", "messageReason"] as const).map(
    (field) => sql`${records.map((record) => record[field])}::text[]`,
  );
  const flags = sql`${records.map(({ isAnonymous }) => isAnonymous)}::boolean[]`;
  // Lists as parameters: one text for any number of them, planned once.
  await sql`
    WITH added AS (
      INSERT INTO live.live_gift_records (id, live_id, user_id, target_id, gift_id, quantity, unit_price, total_value,
                                          combo_count, balance, at_ms, message_seq, transfer_id, message,
                                          message_status, message_reason, is_anonymous)
      SELECT id, live_id, user_id, target_id, gift_id, quantity, unit_price, total_value,
             combo_count, balance, at_ms, message_seq, transfer_id::uuid, message, message_status, message_reason,
             is_anonymous
      FROM unnest(${sql.join([...numbers, ...texts, flags])}) AS record
        (id, live_id, user_id, target_id, gift_id, quantity, unit_price, total_value, combo_count, balance, at_ms,
         message_seq, transfer_id, message, message_status, message_reason, is_anonymous)
      RETURNING live_id, user_id, target_id, quantity, total_value, is_anonymous
    ), given AS (
      INSERT INTO live.live_givers AS giver (live_id, user_id, is_anonymous, owner_id, gift_count, total_value)
      SELECT live_id, user_id, is_anonymous, target_id, sum(quantity), sum(total_value) FROM added
      GROUP BY live_id, user_id, is_anonymous, target_id
      ON CONFLICT (live_id, user_id, is_anonymous) DO UPDATE
        SET gift_count = giver.gift_count + excluded.gift_count, total_value = giver.total_value + excluded.total_value
    )
    UPDATE live.live_streams AS room
    SET gift_count = gift_count + received.quantity, gift_value = gift_value + received.total_value
    FROM (SELECT live_id, sum(quantity) AS quantity, sum(total_value) AS total_value FROM added GROUP BY live_id) AS received
    WHERE room.id = received.live_id`.execute(tx);
}

/** The users who gave most in a room. */
export const givers = (db: Db, liveId: Id, limit: number) =>
  db
    .selectFrom("live.live_givers")
    .select([
      "user_id as userId",
      "is_anonymous as isAnonymous",
      "gift_count as giftCount",
      "total_value as totalValue",
    ])
    .where("live_id", "=", liveId)
    .orderBy("total_value", "desc")
    .orderBy("user_id")
    .limit(limit)
    .execute();

/** The gift of a message of a room. */
export const ofMessage = (db: Db, liveId: Id, seq: number) =>
  rows(db).where("record.live_id", "=", liveId).where("record.message_seq", "=", seq).executeTakeFirst();

/** Changes the words of a gift, and those of its message in the room; yields it as it was before. */
export async function setMessage(
  tx: Tx<Tables>,
  id: Id,
  { message, status }: { readonly message: string; readonly status: Row["messageStatus"] },
): Promise<Row | undefined> {
  const before = await rows(tx).where("record.id", "=", id).forUpdate("record").executeTakeFirst();
  if (!before) return undefined;
  await tx
    .updateTable("live.live_gift_records")
    .set({ message, message_status: status })
    .where("live_id", "=", before.liveId)
    .where("id", "=", id)
    .execute();
  if (before.messageSeq !== null) await setPayloadText(tx, before.liveId, before.messageSeq, message);
  return before;
}

/**
 * Gifts that a deleted user sent stay without a name; gifts that the user received are deleted with the user's rooms.
 */
export async function forget(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx
    .deleteFrom("live.live_givers")
    .where((eb) => eb.or([eb("user_id", "=", userId), eb("owner_id", "=", userId)]))
    .execute();
  await tx.deleteFrom("live.live_gift_records").where("target_id", "=", userId).execute();
  await sql`
    UPDATE live.room_messages AS message SET payload = (payload::jsonb || '{"message": ""}')::text
    FROM live.live_gift_records AS record
    WHERE record.user_id = ${userId} AND message.live_id = record.live_id AND message.seq = record.message_seq
      AND NOT message.is_deleted`.execute(tx);
  await tx
    .updateTable("live.live_gift_records")
    .set({ user_id: null, message: "" })
    .where("user_id", "=", userId)
    .execute();
}
