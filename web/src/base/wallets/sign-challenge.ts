import { ask } from "#base/api/request/client.ts";
import type { Wallet } from "./wallet.ts";

/** A chain that the site asks. */
export interface Chain {
  readonly chain_id: number;
  readonly name: string;
}
export interface SignedChallenge {
  readonly challenge_id: string;
  readonly signature: string;
}

/** Chains of Solana have negative numbers. */
export const namespaceOf = ({ chain_id: id }: Chain): Wallet["namespace"] => (id < 0 ? "solana" : "eip155");

/** Lets a wallet prove itself: the server writes the message, and the wallet signs it. */
export async function signChallenge(wallet: Wallet, chains: readonly Chain[]): Promise<SignedChallenge> {
  const { address, chainId } = await wallet.connect();
  const usable = chains.filter((chain) => namespaceOf(chain) === wallet.namespace);
  // A key is the same on every chain; a contract wallet is asked on the chain that it is on.
  const chain = usable.find(({ chain_id: id }) => id === chainId) ?? usable[0];
  if (chain === undefined) throw new RangeError("the site asks no chain of this wallet");
  const { challenge_id, message } = await ask("auth.challenge", { body: { address, chain_id: chain.chain_id } });
  return { challenge_id, signature: await wallet.sign(message, address) };
}
