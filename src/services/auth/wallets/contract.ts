import { Id, Instant, query } from "#kernel";
import { z } from "zod";
import { ChainId } from "../chains/contract.ts";

export const TokenStandard = z.enum(["erc721", "erc1155", "erc20", "spl"]);
/** A whole number in decimal digits, of at most 256 bits. */
const Decimal = z.string().regex(/^(?:0|[1-9]\d{0,77})$/, "a whole number in decimal digits");

/** A condition on what a wallet holds. Amounts are in base units; `min` is 1 where it is absent. */
export const TokenTerm = z.object({
  chainId: ChainId,
  contract: z.string().min(1).max(100),
  standard: TokenStandard,
  /** Any token of a collection where it is absent; `erc1155` needs it. */
  tokenId: Decimal.optional(),
  min: Decimal.optional(),
});
export type TokenTerm = z.output<typeof TokenTerm>;

/** `unknown`: the chain cannot be asked. It is closed, and no answer about what the wallet holds. */
export const HoldingState = z.enum(["held", "waiting_for_finality", "not_held", "unknown"]);

export const walletMethods = {
  /**
   * One answer for each term: an account meets it by any of its wallets. An answer is at most 60 seconds old.
   * `isAnew`: at most 5 seconds, for a user who has just bought something. Callers of all gates share what was asked.
   */
  holds: query({
    auth: "service",
    input: z.object({ userId: Id, terms: z.array(TokenTerm).max(16), isAnew: z.boolean().default(false) }),
    output: z.object({
      items: z.array(
        z.object({
          state: HoldingState,
          /** Since when the chain cannot be asked; with `unknown` alone. */
          sinceMs: Instant.optional(),
          /** The account has a wallet that the chain can be asked about. */
          hasWallet: z.boolean(),
        }),
      ),
    }),
  }),
  /** Reasons for which terms are impossible: a chain that is not configured, an address that is none, a standard of another kind of chain. */
  termFaults: query({
    auth: "service",
    input: z.object({ terms: z.array(TokenTerm).max(16) }),
    output: z.object({
      items: z.array(
        z.object({
          fault: z.enum(["unknown_chain", "bad_contract", "bad_standard", "token_id_missing"]).optional(),
          /** The configured name of the chain. */
          chain: z.string().optional(),
        }),
      ),
    }),
  }),
};
