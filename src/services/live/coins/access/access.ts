import { gateGranted, gateRevoked } from "#events/gate";
import { requireAccount } from "#policy/account";
import { callerOf, type Handlers, type Id, type Tx } from "#kernel";
import { RefundOver } from "#policy/gates/failures";
import { type live, TooFewCoins } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { type Intent, platformAccount, post } from "../ledger/ledger.ts";
import { intentId } from "../ledger/transfer-id.ts";
import type { Wallets } from "../ledger/wallets.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import * as store from "./access-store.ts";

const hourMs = 3_600_000;
const refundMs = 24 * hourMs;
const lookMs = 60_000;

const refundEnd = ({ boughtAtMs }: store.Purchase): number => boughtAtMs + refundMs;

/**
 * A look of a minute stands for the tenth of a video, as nobody knows the length of a room. A second purchase has none, and
 * a room that has not begun has shown nothing. Pure.
 */
function refundEndOfRoom({ boughtAtMs, version }: store.Purchase, room: rooms.Row | undefined): number {
  if (!room || room.startedAtMs === null) return Number.POSITIVE_INFINITY;
  const isFirst = version === 1 || boughtAtMs < room.startedAtMs;
  return isFirst ? Math.max(boughtAtMs, room.startedAtMs) + lookMs : Number.NEGATIVE_INFINITY;
}

/** Access to things for coins. Coins that are for gifts alone open nothing. */
export function createAccessSales(
  { db, emit, now, settings }: Pick<LiveHost, "db" | "emit" | "now" | "settings">,
  wallets: Wallets,
): Pick<Handlers<typeof live>, "buyAccess" | "refundAccess"> {
  const balanceOf = async (tx: Tx<Tables>, userId: Id): Promise<number> => {
    const { balance, giftBalance } = await wallets.walletOf(userId, tx);
    return balance - giftBalance;
  };

  return {
    async buyAccess({ kind, thingId, sellerId, price, rentHours }, call) {
      const buyerId = callerOf(call);
      const buyer: store.Buyer = { kind, thingId, buyerId };
      const [purse, seller] = [await wallets.accountsOf(buyerId), await wallets.accountsOf(sellerId)];
      return db.answer(async (tx) => {
        await requireAccount(tx, buyerId);
        const before = await store.lock(tx, buyer, sellerId);
        const { untilMs, version } = before;
        if (before.isPaid && (untilMs === null || untilMs > now()))
          return { balance: await balanceOf(tx, buyerId), untilMs, version };
        const share = Math.floor((price * settings.platformShare) / 100);
        const platform = platformAccount(thingId);
        const after: store.Purchase = {
          sellerId,
          price,
          share,
          isPaid: true,
          boughtAtMs: now(),
          untilMs: rentHours === undefined ? null : now() + rentHours * hourMs,
          version: version + 1,
        };
        const intent: Intent = {
          id: intentId("access", kind, thingId, buyerId, after.version),
          legs: [
            { paths: [{ from: purse.coins, to: seller.earnings }], amount: price, kind: "access" },
            { paths: [{ from: seller.earnings, to: platform }], amount: share, kind: "platform_share" },
          ],
        };
        const [posting] = await post(tx, [intent], now());
        if (posting?.outcome !== "posted") throw TooFewCoins({ balance: posting?.balances[0] ?? 0 });
        await store.save(tx, buyer, after);
        const grant = { kind, thingId, userId: buyerId, reason: "paid" as const };
        await emit(tx, gateGranted, thingId, { ...grant, untilMs: after.untilMs, version: after.version });
        return { balance: await balanceOf(tx, buyerId), untilMs: after.untilMs, version: after.version };
      });
    },

    async refundAccess({ kind, thingId }, call) {
      const buyerId = callerOf(call);
      const buyer: store.Buyer = { kind, thingId, buyerId };
      const purse = await wallets.accountsOf(buyerId);
      return db.answer(async (tx) => {
        const before = await store.lockBought(tx, buyer);
        if (!before?.isPaid) throw RefundOver({});
        const endsAtMs = kind === "live" ? refundEndOfRoom(before, await rooms.byId(tx, thingId)) : refundEnd(before);
        if (now() > endsAtMs) throw RefundOver({});
        const { sellerId, price, version } = before;
        const seller = (await wallets.open([sellerId])).get(sellerId);
        const platform = { from: platformAccount(thingId), to: purse.coins };
        // The platform pays what the seller has not any more, such as earnings that were paid out.
        const paths = seller ? [{ from: seller.earnings, to: purse.coins }, platform] : [platform];
        const id = intentId("refund", kind, thingId, buyerId, version + 1);
        const share = { paths: [platform], amount: before.share, kind: "refund" as const };
        const ofSeller = { paths, amount: price - before.share, kind: "refund" as const };
        const [posting] = await post(tx, [{ id, legs: [share, ofSeller] }], now());
        if (posting?.outcome !== "posted") throw RefundOver({});
        await store.save(tx, buyer, { ...before, isPaid: false, version: version + 1 });
        const grant = { kind, thingId, userId: buyerId, reason: "paid" as const };
        await emit(tx, gateRevoked, thingId, { ...grant, version: version + 1 });
        return { balance: await balanceOf(tx, buyerId), version: version + 1 };
      });
    },
  };
}
