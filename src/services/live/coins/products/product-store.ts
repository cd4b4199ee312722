import { type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { type Insertable, sql, type Updateable } from "kysely";
import type { Db, Tables } from "../../store.ts";

/** Reservations whose time is over keep nothing, whether or not they are marked. */
const reserved = sql<number>`(
  SELECT coalesce(sum(quantity), 0)::bigint FROM live.reservations
  WHERE product_id = product.id AND reservations.status = 'reserved' AND expires_at_ms > ${clockMs})`;

const rows = (db: Db) =>
  db
    .selectFrom("live.live_products as product")
    .select([
      "product.id",
      "product.live_id as liveId",
      "product.name",
      "product.description",
      "product.cover_url as coverUrl",
      "product.price",
      "product.sale_price as salePrice",
      "product.stock",
      sql<number>`greatest(0, product.stock - ${reserved})`.as("available"),
      "product.status",
      "product.is_pinned as isPinned",
      "product.created_at_ms as createdAtMs",
    ]);

export interface Row {
  readonly id: Id;
  readonly liveId: Id;
  readonly name: string;
  readonly description: string;
  readonly coverUrl: string;
  readonly price: number;
  readonly salePrice: number | null;
  readonly stock: number;
  readonly available: number;
  readonly status: "on" | "off";
  readonly isPinned: boolean;
  readonly createdAtMs: number;
}
/** A product of this room. */
export const byId = (db: Db, liveId: Id, id: Id): Promise<Row | undefined> =>
  rows(db).where("product.id", "=", id).where("product.live_id", "=", liveId).executeTakeFirst();

/** Locks a product: what is reserved and sold of it changes under its lock alone. */
export async function lockById(tx: Tx<Tables>, liveId: Id, id: Id): Promise<Row | undefined> {
  const locked = await tx
    .selectFrom("live.live_products")
    .select("id")
    .where("id", "=", id)
    .where("live_id", "=", liveId)
    .forUpdate()
    .executeTakeFirst();
  // Another statement: it sees what was committed while the lock was waited for.
  return locked && byId(tx, liveId, id);
}

export const ofRoom = (db: Db, liveId: Id, withOff: boolean, page: PageInput): Promise<Page<Row>> =>
  pageOf(
    db,
    rows(db)
      .where("product.live_id", "=", liveId)
      .$if(!withOff, (query) => query.where("product.status", "=", "on")),
    { "product.id": "id" },
    page,
  );

export async function countOf(tx: Tx<Tables>, liveId: Id): Promise<number> {
  const { count } = await tx
    .selectFrom("live.live_products")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("live_id", "=", liveId)
    .executeTakeFirstOrThrow();
  return count;
}

export async function insert(tx: Tx<Tables>, row: Insertable<Tables["live.live_products"]>): Promise<void> {
  await tx.insertInto("live.live_products").values(row).execute();
}

export async function update(tx: Tx<Tables>, id: Id, changes: Updateable<Tables["live.live_products"]>): Promise<void> {
  await tx.updateTable("live.live_products").set(changes).where("id", "=", id).execute();
}

export async function remove(tx: Tx<Tables>, id: Id): Promise<void> {
  await tx.deleteFrom("live.live_products").where("id", "=", id).execute();
}

/** Unpins whatever is pinned in a room that is locked. */
export async function unpinAll(tx: Tx<Tables>, liveId: Id): Promise<void> {
  await tx
    .updateTable("live.live_products")
    .set({ is_pinned: false })
    .where("live_id", "=", liveId)
    .where("is_pinned", "=", true)
    .execute();
}

/** The rows that `product_count` of a room counts. */
export const countedRows = sql`SELECT live_id AS id, 1 AS value FROM live.live_products WHERE status = 'on'`;

/** Counts the products of a room that is locked. */
export async function recount(tx: Tx<Tables>, liveId: Id): Promise<void> {
  await sql`
    UPDATE live.live_streams SET product_count = (SELECT count(*) FROM (${countedRows}) AS counted WHERE counted.id = ${liveId})
    WHERE id = ${liveId}`.execute(tx);
}
