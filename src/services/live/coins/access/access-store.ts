import type { Id, Tx } from "#kernel";
import type { GateKind } from "#policy/gates/fields";
import type { Tables } from "../../store.ts";

export interface Buyer {
  readonly kind: GateKind;
  readonly thingId: Id;
  readonly buyerId: Id;
}

export interface Purchase {
  readonly sellerId: Id;
  /** Coins, and the part of them that the platform kept. */
  readonly price: number;
  readonly share: number;
  readonly isPaid: boolean;
  readonly boughtAtMs: number;
  readonly untilMs: number | null;
  /** Grows with each purchase and refund. */
  readonly version: number;
}

const keyOf = ({ kind, thingId, buyerId }: Buyer) => ({ kind, thing_id: thingId, buyer_id: buyerId });

/** The last purchase of a buyer, locked until the transaction ends; made where there is none, so that it can be locked. */
export async function lock(tx: Tx<Tables>, buyer: Buyer, sellerId: Id): Promise<Purchase> {
  await tx
    .insertInto("live.access_purchases")
    .values({
      ...keyOf(buyer),
      seller_id: sellerId,
      price: 0,
      share: 0,
      is_paid: false,
      bought_at_ms: 0,
      until_ms: null,
      version: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const purchase = await lockBought(tx, buyer);
  if (!purchase) throw new Error("a purchase that was just made is not there");
  return purchase;
}

/** As {@link lock}, without making one. */
export const lockBought = (tx: Tx<Tables>, buyer: Buyer): Promise<Purchase | undefined> =>
  tx
    .selectFrom("live.access_purchases")
    .select([
      "seller_id as sellerId",
      "price",
      "share",
      "is_paid as isPaid",
      "bought_at_ms as boughtAtMs",
      "until_ms as untilMs",
      "version",
    ])
    .where((eb) => eb.and(keyOf(buyer)))
    .forUpdate()
    .executeTakeFirst();

export const save = (tx: Tx<Tables>, buyer: Buyer, purchase: Purchase) =>
  tx
    .updateTable("live.access_purchases")
    .set({
      seller_id: purchase.sellerId,
      price: purchase.price,
      share: purchase.share,
      is_paid: purchase.isPaid,
      bought_at_ms: purchase.boughtAtMs,
      until_ms: purchase.untilMs,
      version: purchase.version,
    })
    .where((eb) => eb.and(keyOf(buyer)))
    .execute();

/** Deletes what a user bought. The transfers stay, for the sum. */
export const forget = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("live.access_purchases").where("buyer_id", "=", userId).execute();
