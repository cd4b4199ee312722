import type { Id, KinoraError, Tx } from "#kernel";
import { KeyReused } from "#kernel/errors";
import { type Gift, TooFewCoins } from "../../contract.ts";
import type { Entry } from "../../room/log/message-store.ts";
import type { Accounts } from "../ledger/account-store.ts";
import { giftPlatformAccount, type Intent, platformAccount, post } from "../ledger/ledger.ts";
import type { ViewerName } from "../../room/log/names.ts";
import type { Passage } from "../../room/moderation/text-gate.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { createComboCounter, comboMs } from "./combos.ts";
import * as store from "./gift-store.ts";

/** A gift that is to be paid. */
export interface GiftOrder extends store.Series {
  /** By the sender's key; it is paid once. */
  readonly transferId: string;
  readonly targetId: Id;
  /** The accounts of the sender. */
  readonly purse: Pick<Accounts, "gift_coins" | "coins">;
  /** The accounts of the owner of the room. */
  readonly target: Pick<Accounts, "gift_earnings" | "earnings">;
  readonly gift: Gift;
  readonly quantity: number;
  /** As the sender wrote it. */
  readonly message: string;
  /** The outcome for the message. */
  readonly passage: Passage;
  /** The giver; undefined where it is not known now. */
  readonly giver: ViewerName | undefined;
  readonly traceId: string;
}
/** `isNew`: it was paid by this very order, and not by an earlier one with its key. */
export type GiftOutcome =
  | {
      readonly record: store.Row;
      readonly isNew: boolean;
      /** Its message in the room, where this order paid it. */
      readonly entry?: Entry | undefined;
      /** The number of its text among those that are held. */
      readonly heldId?: Id | undefined;
    }
  | { readonly refused: KinoraError };

/** Posts the transfers of gifts, and makes the records of those that were posted. */
export function createGiftPayment(
  { now, nextId, settings }: Pick<LiveHost, "now" | "nextId" | "settings">,
  shard: number,
) {
  const intentOf = ({ transferId, purse, target, gift, quantity }: GiftOrder, ref: Id): Intent => {
    const amount = gift.price * quantity;
    const share = Math.floor((amount * settings.platformShare) / 100);
    return {
      id: transferId,
      ref,
      legs: [
        {
          paths: [
            { from: purse.gift_coins, to: target.gift_earnings },
            { from: purse.coins, to: target.earnings },
          ],
          amount,
          kind: "gift",
        },
        {
          paths: [
            { from: target.gift_earnings, to: giftPlatformAccount(shard) },
            { from: target.earnings, to: platformAccount(shard) },
          ],
          isProportional: true,
          amount: share,
          kind: "platform_share",
        },
      ],
    };
  };

  /** The outcomes of orders that nothing refuses but too few coins. */
  return async function pay(tx: Tx<Tables>, orders: readonly GiftOrder[]): Promise<GiftOutcome[]> {
    const atMs = now();
    const combo = createComboCounter(await store.lastOf(tx, orders, atMs - comboMs), atMs);
    const intents = orders.map((order) => intentOf(order, nextId()));
    const postings = await post(tx, intents, atMs);
    return orders.map((order, place): GiftOutcome => {
      const { outcome, balances } = postings[place] ?? { outcome: "insufficient", balances: [] };
      const balance = balances.reduce((sum, part) => sum + part, 0);
      if (outcome === "insufficient") return { refused: TooFewCoins({ balance }) };
      // The key paid something else, in another room.
      if (outcome !== "posted") return { refused: KeyReused({}) };
      return {
        isNew: true,
        record: recordOf(order, { id: intents[place]?.ref ?? 0, balance, atMs, comboCount: combo(order) }),
      };
    });
  };
}

interface Paid {
  readonly id: Id;
  readonly balance: number;
  readonly atMs: number;
  readonly comboCount: number;
}

const recordOf = (order: GiftOrder, { id, balance, atMs, comboCount }: Paid): store.NewRow => ({
  id,
  transferId: order.transferId,
  liveId: order.liveId,
  userId: order.userId,
  targetId: order.targetId,
  giftId: order.giftId,
  giftName: order.gift.name,
  giftSlug: order.gift.slug,
  giftIcon: order.gift.icon,
  quantity: order.quantity,
  unitPrice: order.gift.price,
  totalValue: order.gift.price * order.quantity,
  comboCount,
  balance,
  message: order.passage.status === "sent" ? order.message : "",
  messageStatus: order.passage.status,
  messageReason: order.passage.status === "refused" ? order.passage.failure.code : "",
  messageSeq: null,
  isAnonymous: order.isAnonymous,
  createdAtMs: atMs,
});
