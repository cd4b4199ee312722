import { audited, type Call, callerOf, type Id } from "#kernel";
import { user, UserNotFound } from "#services/user/contract";
import { NoAmount, TooFewCoins } from "../contract.ts";
import type { LiveHost } from "../settings.ts";
import { post, system } from "./ledger.ts";
import { intentId } from "./transfer-id.ts";
import type { Wallets } from "./wallets.ts";

/** Coins that administrators give, and take back by a correction. */
export function grants({ db, emit, now, nextId, client }: LiveHost, wallets: Wallets) {
  return {
    async grantCoins({ id, amount, reason }: { id: Id; amount: number; reason: string }, call: Call) {
      if (amount === 0) throw NoAmount({});
      const { items } = await client(user).briefs({ ids: [id] }, call);
      const accounts = items.length > 0 ? (await wallets.open([id])).get(id) : undefined;
      if (!accounts) throw UserNotFound({});
      const { coins } = accounts;
      const actId = nextId();
      const leg =
        amount > 0
          ? { from: [system.issuance], to: coins, amount, kind: "grant" as const }
          : { from: [coins], to: system.issuance, amount: -amount, kind: "correction" as const };
      return db.answer(async (tx) => {
        const [posting] = await post(tx, [{ id: intentId("grant", actId), legs: [leg] }], now());
        if (posting?.outcome !== "posted") throw TooFewCoins({ balance: posting?.balances[0] ?? 0 });
        await emit(tx, audited, id, {
          act: amount > 0 ? "coins.granted" : "coins.corrected",
          actorId: callerOf(call),
          subject: { kind: "user", id },
          detail: `${amount} coins: ${reason}`,
          atMs: now(),
        });
        return wallets.walletOf(id, tx);
      });
    },
  };
}
