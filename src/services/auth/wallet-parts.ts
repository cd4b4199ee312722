import { type Host, type Id, joinHandlers, type Tx } from "#kernel";
import type { Alerts } from "./alerts/alerts.ts";
import { createChainHandlers } from "./chains/chain-handlers.ts";
import { createChainSet } from "./chains/chain-set.ts";
import { createGateTerms } from "./holdings/gate-terms.ts";
import { createHoldingHandlers } from "./holdings/holding-handlers.ts";
import { createHoldings } from "./holdings/holdings.ts";
import type { NewAccounts } from "./registration/new-accounts.ts";
import { hostOf } from "./passkeys/relying-party.ts";
import type { Enter } from "./sessions/entry.ts";
import type { NewSessions } from "./sessions/sessions.ts";
import type { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";
import { createProviders } from "./wallet-login/providers.ts";
import { createWalletLogin } from "./wallet-login/wallet-login.ts";
import { createChallenges } from "./wallets/challenges.ts";
import { createLinkedWallets } from "./wallets/linked-wallets.ts";
import type { WorkCheck } from "./work/work.ts";

interface Parts extends Pick<NewSessions, "open"> {
  readonly accounts: NewAccounts;
  readonly alerts: Pick<Alerts, "raise">;
  readonly enter: Enter;
  readonly hasWayIn: (tx: Tx<Tables>, userId: Id) => Promise<boolean>;
  readonly work: Pick<WorkCheck, "check">;
}

/** Chains, the wallets that sign in on them, and what they hold. */
export function createWalletParts(host: Host<Tables, Settings>, parts: Parts) {
  const chains = createChainSet(host.settings.chains, host.now);
  const holdings = createHoldings(host, chains);
  const challenges = createChallenges(host, chains);
  const wallets = createLinkedWallets(host, parts);
  return {
    proof: challenges,
    handlers: joinHandlers(
      createChainHandlers(host, chains),
      createGateTerms(chains, holdings),
      createHoldingHandlers(host, { chains, holdings }),
      challenges.handlers,
      wallets.handlers,
      createWalletLogin(host, { ...parts, challenges, wallets }),
      createProviders({
        chains,
        hasPasskeys: hostOf(host.settings.address) !== undefined,
        providers: host.settings.providers,
      }),
    ),
  };
}
