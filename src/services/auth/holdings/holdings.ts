import { holdingsChanged } from "#events/auth";
import type { HoldingCheck, TokenCondition } from "#chain/holdings/condition";
import { Gather, type Host, type Id } from "#kernel";
import type { CacheDeclaration } from "#kernel/cache/policy";
import type { ChainSet, ServedChain } from "../chains/chain-set.ts";
import type { Tables } from "../store.ts";
import * as walletStore from "../wallets/wallet-store.ts";
import { ChainHoldings, type HoldingAnswer, type HoldingChange, type LookOptions } from "./chain-holdings.ts";

/** A sale ends what it opened within this time, and the caches of gates and gateways. */
const holdingsCache: CacheDeclaration = {
  name: "auth.holdings",
  what: "Whether wallets hold the tokens that gates ask for.",
  ttlMs: 60_000,
  lifetimeMsMax: 60_000,
};

/** The answer about an account, by the wallet that is nearest to holding. */
export interface AccountHolding {
  /** Undefined where the account has no wallet that the chain can be asked about. */
  readonly answer: HoldingAnswer | undefined;
}

/** Holdings of wallets and accounts on all chains. */
export interface Holdings {
  readonly ofWallet: (
    served: ServedChain,
    check: HoldingCheck,
    options?: LookOptions,
  ) => Promise<HoldingAnswer | undefined>;
  readonly ofAccount: (
    served: ServedChain,
    userId: Id,
    condition: TokenCondition,
    options?: Pick<LookOptions, "isAnew">,
  ) => Promise<AccountHolding>;
}

export function createHoldings(
  host: Pick<Host<Tables>, "caches" | "db" | "emit" | "log" | "now">,
  chains: ChainSet,
): Holdings {
  const { caches, db, emit, log, now } = host;
  const policy = caches.declare(holdingsCache);
  const byChain = new Map(
    [...chains].map(([chainId, served]) => {
      const report = (change: HoldingChange) => void publish(chainId, change);
      return [chainId, new ChainHoldings(served, { policy, now, report })];
    }),
  );
  policy.hold({
    entries: () => [...byChain.values()].reduce((sum, { size }) => sum + size, 0),
    clear: () => {
      for (const holdings of byChain.values()) holdings.clear();
    },
  });
  const wallets = new Gather<Tables, Id, walletStore.WalletRow[]>(db, async (reader, userIds) => {
    const byUser = Map.groupBy(await walletStore.ofUsers(reader, [...new Set(userIds)]), ({ userId }) => userId);
    return userIds.map((userId) => byUser.get(userId));
  });

  async function publish(chainId: number, { check, state, userIds }: HoldingChange): Promise<void> {
    const condition = presentCondition(chainId, check.condition);
    await db
      .tx(async (tx) => {
        for (const userId of userIds) await emit(tx, holdingsChanged, userId, { userId, condition, state });
      })
      .catch((error: unknown) => log.warn("a changed holding could not be published", { err: error }));
  }

  const ask = (served: ServedChain, checks: readonly HoldingCheck[], options?: LookOptions) =>
    byChain.get(served.chain.id)?.of(checks, options) ?? Promise.resolve([]);

  return {
    async ofWallet(served, check, options) {
      const [answer] = await ask(served, [check], options);
      return answer;
    },

    async ofAccount(served, userId, condition, options = {}) {
      const [rows = []] = await wallets.all([userId]);
      const { id, namespace } = served.chain;
      const usable = rows.filter((row) => row.namespace === namespace && (row.chainId === null || row.chainId === id));
      const checks = usable.map(({ address }) => ({ wallet: address, condition }));
      return { answer: best(await ask(served, checks, { ...options, userId })) };
    },
  };
}

/** `unknown` goes before what is less than held: another wallet may hold what this one does not. */
const order = ["held", "unknown", "waiting_for_finality", "not_held"] as const;

function best(answers: readonly HoldingAnswer[]): HoldingAnswer | undefined {
  const first = order.find((state) => answers.some((answer) => answer.state === state));
  const equals = answers.filter(({ state }) => state === first);
  const balanceOf = (answer: HoldingAnswer): bigint => ("balance" in answer ? answer.balance : 0n);
  return equals.toSorted((a, b) => (balanceOf(a) < balanceOf(b) ? 1 : -1))[0];
}

/** A condition as it is published. */
export const presentCondition = (chainId: number, condition: TokenCondition) => ({
  chainId,
  contract: condition.contract,
  standard: condition.standard,
  min: String(condition.min),
  ...("tokenId" in condition && condition.tokenId !== undefined && { tokenId: String(condition.tokenId) }),
});
