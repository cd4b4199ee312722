import { parseEvmAddress } from "#chain/address/evm-address";
import { parseSolanaAddress } from "#chain/address/solana-address";
import type { TokenCondition } from "#chain/holdings/condition";
import type { TokenTerm } from "../wallets/contract.ts";

export type TermFault = "unknown_chain" | "bad_contract" | "bad_standard" | "token_id_missing";

/** The condition that a term sets on a chain of this namespace, in its normal form; or why it can be none. Pure. */
export function conditionOf(
  { contract: text, standard, tokenId, min = "1" }: Omit<TokenTerm, "chainId">,
  namespace: "eip155" | "solana",
): TokenCondition | TermFault {
  const isSolana = namespace === "solana";
  if (isSolana !== (standard === "spl")) return "bad_standard";
  const contract = isSolana ? parseSolanaAddress(text) : parseEvmAddress(text);
  if (contract === undefined) return "bad_contract";
  const least = BigInt(min);
  if (standard === "erc721")
    return { standard, contract, min: least, ...(tokenId !== undefined && { tokenId: BigInt(tokenId) }) };
  if (standard === "erc20" || standard === "spl") return { standard, contract, min: least };
  return tokenId === undefined ? "token_id_missing" : { standard, contract, min: least, tokenId: BigInt(tokenId) };
}

/** One text for each condition, by which its answers are cached. Pure. */
export function keyOf(condition: TokenCondition): string {
  const { standard, contract, min } = condition;
  const tokenId = "tokenId" in condition && condition.tokenId !== undefined ? String(condition.tokenId) : "";
  return `${standard} ${contract} ${tokenId} ${min}`;
}
