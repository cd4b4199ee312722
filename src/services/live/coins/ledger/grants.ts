import { audited, type Call, callerOf } from "#kernel";
import { user, UserNotFound } from "#services/user/contract";
import type { z } from "zod";
import { type live, NoAmount, TooFewCoins } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { UserAccount } from "./account-store.ts";
import { type Leg, post, system } from "./ledger.ts";
import { intentId } from "./transfer-id.ts";
import type { Wallets } from "./wallets.ts";

type Grant = z.output<(typeof live)["methods"]["grantCoins"]["input"]>;

/** The account that each source of coins fills, and the one that issues them. A bonus is for gifts, and never payable. */
const sources: Readonly<
  Record<Grant["source"], { readonly kind: Leg["kind"]; readonly account: UserAccount; readonly issuance: number }>
> = {
  bought: { kind: "purchase", account: "coins", issuance: system.issuance },
  granted: { kind: "grant", account: "coins", issuance: system.issuance },
  bonus: { kind: "bonus", account: "gift_coins", issuance: system.giftIssuance },
};

/** Coins that administrators give, and take back by a correction. */
export function createGrants({ db, emit, now, nextId, client }: LiveHost, wallets: Wallets) {
  return {
    async grantCoins({ id, amount, source, reason }: Grant, call: Call) {
      if (amount === 0) throw NoAmount({});
      const { items } = await client(user).briefs({ ids: [id] }, call);
      const accounts = items.length > 0 ? (await wallets.open([id])).get(id) : undefined;
      if (!accounts) throw UserNotFound({});
      const { kind, account, issuance } = sources[source];
      const purse = accounts[account];
      const actId = nextId();
      const leg: Leg =
        amount > 0
          ? { paths: [{ from: issuance, to: purse }], amount, kind }
          : { paths: [{ from: purse, to: issuance }], amount: -amount, kind: "correction" };
      return db.answer(async (tx) => {
        const [posting] = await post(tx, [{ id: intentId("grant", actId), legs: [leg] }], now());
        if (posting?.outcome !== "posted") throw TooFewCoins({ balance: posting?.balances[0] ?? 0 });
        await emit(tx, audited, id, {
          act: amount > 0 ? "coins.granted" : "coins.corrected",
          actorId: callerOf(call),
          subject: { kind: "user", id },
          detail: `${amount} coins (${source}): ${reason}`,
          atMs: now(),
        });
        return wallets.walletOf(id, tx);
      });
    },
  };
}
