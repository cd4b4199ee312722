import { type Host, joinHandlers } from "#kernel";
import { createChainHandlers } from "./chains/chain-handlers.ts";
import { createChainSet } from "./chains/chain-set.ts";
import { createGateTerms } from "./holdings/gate-terms.ts";
import { createHoldings } from "./holdings/holdings.ts";
import type { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";

/** Chains, wallets, and what they hold. */
export function createWalletParts(host: Host<Tables, Settings>) {
  const chains = createChainSet(host.settings.chains, host.now);
  const holdings = createHoldings(host, chains);
  return { handlers: joinHandlers(createChainHandlers(host, chains), createGateTerms(chains, holdings)) };
}
