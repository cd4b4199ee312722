import { typedSignInDigest, type TypedSignIn } from "#chain/message/typed-data";
import { personalDigest } from "#chain/signature/evm-signature";
import { verifyEvmWallet } from "#chain/signature/evm-wallet";
import { isSolanaSignature } from "#chain/signature/solana-signature";
import type { ServedChain } from "../chains/chain-set.ts";
import { silentChain } from "../chains/unavailable.ts";
import type { Tables } from "../store.ts";
import type { WalletIdentity } from "./wallet-store.ts";

/**
 * The wallet that signed a stored message; undefined where it did not.
 * @throws ChainUnavailable where a contract may have to be asked and cannot
 */
export async function walletOf(
  served: ServedChain,
  row: Pick<Tables["auth.wallet_challenges"], "address" | "message" | "namespace" | "signing">,
  signature: string,
): Promise<WalletIdentity | undefined> {
  const { namespace, address, message } = row;
  const key = { namespace, address, chainId: null };
  if (namespace === "solana") return isSolanaSignature(message, signature, address) ? key : undefined;
  const digest =
    row.signing === "eip712"
      ? typedSignInDigest(JSON.parse(message) as TypedSignIn) // It was stored as such.
      : personalDigest(message);
  const verdict = await verifyEvmWallet(served.source, { address, digest, signature });
  if (verdict.state === "unavailable") {
    served.health.settle(verdict.fault);
    throw silentChain(served);
  }
  if (verdict.state === "refused") return undefined;
  return verdict.state === "key" ? key : { namespace, address, chainId: served.chain.id };
}
