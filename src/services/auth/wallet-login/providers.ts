import type { Handlers } from "#kernel";
import type { ChainSet } from "../chains/chain-set.ts";
import type { Provider } from "../providers/provider-list.ts";
import type { auth } from "../contract.ts";

interface Parts {
  readonly chains: ChainSet;
  readonly hasPasskeys: boolean;
  readonly providers: readonly Provider[];
}

/** Names the ways to sign in for the page that offers them. */
export const createProviders = ({
  chains,
  hasPasskeys,
  providers,
}: Parts): Pick<Handlers<typeof auth>, "providers"> => ({
  providers: async () => ({
    items: providers.map(({ id, name, icon_url: iconUrl }) => ({ id, name, iconUrl })),
    password: true,
    passkeys: hasPasskeys,
    wallets: [...chains.values()].map(({ chain }) => ({ chainId: chain.id, name: chain.name })),
  }),
});
