import type { Handlers } from "#kernel";
import type { ChainSet } from "../chains/chain-set.ts";
import type { auth } from "../contract.ts";

interface Parts {
  readonly chains: ChainSet;
  readonly hasPasskeys: boolean;
}

/** Names the ways to sign in for the page that offers them. */
export const createProviders = ({ chains, hasPasskeys }: Parts): Pick<Handlers<typeof auth>, "providers"> => ({
  providers: async () => ({
    items: [],
    password: true,
    passkeys: hasPasskeys,
    wallets: [...chains.values()].map(({ chain }) => ({ chainId: chain.id, name: chain.name })),
  }),
});
