import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Id, type KinoraError, type Tx } from "#kernel";
import { GiftEarningsNotPayable, TooFewCoins } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { balancesOf } from "./account-store.ts";
import { post, system } from "./ledger.ts";
import * as store from "./payout-store.ts";
import { intentId } from "./transfer-id.ts";
import type { Wallets } from "./wallets.ts";

/** How long a payout waits for a decision. */
const undecidedMs = 30 * 24 * 3_600_000;

/** Why these earnings are not paid out: they came from free coins, or there are too few of either kind. */
async function refusal(tx: Tx<Tables>, userId: Id, amount: number): Promise<KinoraError> {
  const { earnings, giftEarnings } = await balancesOf(tx, userId);
  return giftEarnings > 0 && amount <= earnings + giftEarnings
    ? GiftEarningsNotPayable({ payable: earnings, giftEarnings })
    : TooFewCoins({ balance: earnings });
}

/** The first phase of payouts: payable earnings are set aside. */
export function createPayoutRequests({ db, now, nextId }: LiveHost, wallets: Wallets) {
  return async ({ amount }: { amount: number }, call: Call) => {
    const userId = callerOf(call);
    const { earnings } = await wallets.accountsOf(userId);
    const id = nextId();
    return db.answer(async (tx) => {
      await requireAccount(tx, userId);
      const transferId = intentId("payout", id);
      const leg = { paths: [{ from: earnings, to: system.payoutsPending }], amount, kind: "payout" as const };
      const [posting] = await post(tx, [{ id: transferId, legs: [leg], ref: id, state: "pending" }], now());
      if (posting?.outcome !== "posted") throw await refusal(tx, userId, amount);
      const requestedAtMs = now();
      const row = { amount, status: "pending" as const, requestedAtMs, expiresAtMs: requestedAtMs + undecidedMs };
      await store.insert(tx, {
        id,
        account_id: earnings,
        transfer_id: transferId,
        amount,
        status: row.status,
        requested_at_ms: requestedAtMs,
        expires_at_ms: row.expiresAtMs,
        decided_at_ms: null,
      });
      return { id, ...row, note: "", decidedAtMs: null };
    });
  };
}
