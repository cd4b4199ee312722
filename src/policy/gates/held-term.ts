import type { TokenTerm } from "../gate.ts";

/** A term about tokens in the spelling of the service of wallets. */
export interface HeldTerm {
  readonly chainId: number;
  readonly contract: string;
  readonly standard: TokenTerm["standard"];
  readonly tokenId?: string;
  readonly min?: string;
}

export const heldTermOf = ({ chain_id, contract, standard, token_id, min }: TokenTerm): HeldTerm => ({
  chainId: chain_id,
  contract,
  standard,
  ...(token_id !== undefined && { tokenId: token_id }),
  ...(min !== undefined && { min }),
});
