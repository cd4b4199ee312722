import { command, Instant, query } from "#kernel";
import { z } from "zod";
import { ChainId } from "../chains/contract.ts";
import { BadAddress, ChainUnavailable, TooManyChecks, UnknownChain } from "../failures.ts";
import { TokenStandard, TokenTerm, WalletAddress } from "../wallets/contract.ts";

const { contract, tokenId, min } = TokenTerm.shape;

/** The holding of a wallet. A chain that cannot be asked is a failure, and never `owned: false`. */
export const TokenHolding = z
  .object({
    /** True for `held` alone. */
    owned: z.boolean(),
    /** The same as `owned`, as other systems call it. */
    hasNft: z.boolean(),
    /** At the latest block, in base units. */
    balance: z.string(),
    state: z.enum(["held", "waiting_for_finality", "not_held"]),
    chainId: ChainId,
    contract: z.string(),
    standard: TokenStandard,
    tokenId: z.string().nullable(),
    /** The latest block, or slot; null where there was nothing to ask. */
    block: z.int().nullable(),
    checkedAtMs: Instant,
  })
  .meta({ id: "TokenHolding" });

const common = { auth: "user", scope: "account:read", rate: "write", output: TokenHolding } as const;
const errors = [UnknownChain, BadAddress, ChainUnavailable, TooManyChecks];
/** `erc721` on EVM chains and `spl` on Solana where it is absent. */
const standard = TokenStandard.optional();

export const holdingMethods = {
  verifyHolding: command({
    http: "POST /api/v1/nft/verify",
    ...common,
    idempotent: true,
    summary:
      "Says whether a wallet, or without `address` any wallet of the caller, holds a token; 30 times a minute. Answers are at most a minute old.",
    input: z.object({
      address: WalletAddress.optional(),
      wallet: WalletAddress.optional(),
      ownerAddress: WalletAddress.optional(),
      chainId: ChainId,
      contract: contract.optional(),
      contractAddress: contract.optional(),
      standard,
      tokenId,
      min,
    }),
    errors,
  }),
  holding: query({
    http: "GET /api/v1/nft",
    ...common,
    summary: "Says whether the wallets of the caller hold a token, as `POST /api/v1/nft/verify` does.",
    input: z.object({ chainId: ChainId, contract, standard, min }),
    errors,
  }),
  tokenHolding: query({
    http: "GET /api/v1/nft/:token_id",
    ...common,
    summary: "Says whether the wallets of the caller hold one token of a collection.",
    input: z.object({ tokenId: tokenId.unwrap(), chainId: ChainId, contract, standard, min }),
    errors,
  }),
};
