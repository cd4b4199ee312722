import { type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";

/** How long a reservation is kept. */
const keptMs = 120_000;
/** Within this time a buyer reserves a product a few times, so that nobody holds it by renewing. */
const recentMs = 30 * 60_000;

const columns = [
  "id",
  "product_id as productId",
  "product_name as productName",
  "user_id as userId",
  "quantity",
  "unit_price as unitPrice",
  "expires_at_ms as expiresAtMs",
  "confirmed_at_ms as confirmedAtMs",
] as const;
// As it is by now, whether or not it is marked.
const status = sql<Tables["live.reservations"]["status"]>`
  CASE WHEN status = 'reserved' AND expires_at_ms <= ${clockMs} THEN 'expired' ELSE status END`.as("status");

const rows = (db: Db) => db.selectFrom("live.reservations").select([...columns, status]);

export interface Row {
  readonly id: Id;
  readonly productId: Id;
  readonly productName: string;
  readonly userId: Id | null;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly expiresAtMs: number;
  readonly confirmedAtMs: number | null;
  readonly status: "expired" | "reserved" | "confirmed" | "cancelled";
}
/** A reservation of this buyer. */
export const byId = (
  db: Db,
  { productId, userId, id }: { productId: Id; userId: Id; id: Id },
): Promise<Row | undefined> =>
  rows(db).where("id", "=", id).where("product_id", "=", productId).where("user_id", "=", userId).executeTakeFirst();

interface NewReservation {
  readonly id: Id;
  readonly productId: Id;
  readonly liveId: Id;
  readonly userId: Id;
  readonly productName: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** How often a buyer reserved a product recently, whatever became of it, and until the first of these counts no longer. */
export async function recentOf(tx: Tx<Tables>, { productId, userId }: { productId: Id; userId: Id }) {
  const { rows: counted } = await sql<{ count: number; leftMs: number }>`
    SELECT count(*)::integer AS count, coalesce(min(expires_at_ms) - ${keptMs} + ${recentMs} - ${clockMs}, 0)::bigint AS "leftMs"
    FROM live.reservations
    WHERE user_id = ${userId} AND product_id = ${productId} AND expires_at_ms > ${clockMs} + ${keptMs} - ${recentMs}`.execute(
    tx,
  );
  return counted[0] ?? { count: 0, leftMs: 0 };
}

/** Reserves where enough is free of a product that is locked; undefined where it is not. */
export async function reserve(tx: Tx<Tables>, reservation: NewReservation): Promise<Row | undefined> {
  const { rows: made } = await sql<{ id: Id }>`
    INSERT INTO live.reservations (id, product_id, live_id, user_id, product_name, quantity, unit_price, status, expires_at_ms)
    SELECT ${reservation.id}::bigint, id, ${reservation.liveId}::bigint, ${reservation.userId}::bigint, ${reservation.productName}, ${reservation.quantity}::integer,
           ${reservation.unitPrice}::bigint, 'reserved', ${clockMs} + ${keptMs}::bigint
    FROM live.live_products AS product
    WHERE id = ${reservation.productId} AND stock >= ${reservation.quantity} + (
      SELECT coalesce(sum(quantity), 0) FROM live.reservations
      WHERE product_id = product.id AND reservations.status = 'reserved' AND expires_at_ms > ${clockMs})
    RETURNING id`.execute(tx);
  return made.length === 0 ? undefined : byId(tx, reservation);
}

/** Confirms a reservation whose time is not over; yields whether it did. */
export async function confirm(tx: Tx<Tables>, id: Id, atMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("live.reservations")
    .set({ status: "confirmed", confirmed_at_ms: atMs })
    .where("id", "=", id)
    .where("status", "=", "reserved")
    .where("expires_at_ms", ">", clockMs)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Cancels reservations: one, or all of a product or of a buyer. */
export async function cancel(
  tx: Tx<Tables>,
  of: { readonly id?: Id; readonly productId?: Id; readonly userId?: Id },
): Promise<void> {
  await tx
    .updateTable("live.reservations")
    .set({ status: "cancelled" })
    .where("status", "=", "reserved")
    .$if(of.id !== undefined, (query) => query.where("id", "=", of.id ?? 0))
    .$if(of.productId !== undefined, (query) => query.where("product_id", "=", of.productId ?? 0))
    .$if(of.userId !== undefined, (query) => query.where("user_id", "=", of.userId ?? 0))
    .execute();
}

/** Marks reservations whose time is over. They have kept nothing since. */
export async function expire(tx: Tx<Tables>): Promise<void> {
  await tx
    .updateTable("live.reservations")
    .set({ status: "expired" })
    .where("status", "=", "reserved")
    .where("expires_at_ms", "<=", clockMs)
    .execute();
}

/** The confirmed reservations of a room. */
export const orders = (db: Db, liveId: Id, page: PageInput): Promise<Page<Row>> =>
  pageOf(db, rows(db).where("live_id", "=", liveId).where("status", "=", "confirmed"), { id: "id" }, page);

/** The orders of a user in all rooms. */
export const ordersOf = (db: Db, userId: Id, page: PageInput): Promise<Page<Row & { readonly liveId: Id }>> =>
  pageOf(
    db,
    rows(db).select("live_id as liveId").where("user_id", "=", userId).where("status", "=", "confirmed"),
    { id: "id" },
    page,
  );

/** Orders of a deleted user stay for the host without a name; open reservations are deleted. */
export async function forget(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("live.reservations").where("user_id", "=", userId).where("status", "!=", "confirmed").execute();
  await tx.updateTable("live.reservations").set({ user_id: null }).where("user_id", "=", userId).execute();
}
