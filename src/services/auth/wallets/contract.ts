import { command, Id, Instant, Line, named, query } from "#kernel";
import { z } from "zod";
import { ChainId, ChainNamespace } from "../chains/contract.ts";
import { BadAddress, LastWayIn, UnknownChain, WalletNotFound } from "../failures.ts";

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

/** An address as people write it; the service brings it to its normal form. */
export const WalletAddress = z.string().trim().min(1).max(100);
/** A wallet signs the text of EIP-4361, or typed data (EIP-712). `siwe` is the text too. */
const SignType = z.enum(["personal_sign", "siwe", "eip712"]);

/** A wallet that signs in to an account. */
export const LinkedWallet = z
  .object({
    id: Id,
    namespace: ChainNamespace,
    address: z.string(),
    /** A key is the same wallet on every chain of its namespace, a contract on its own chain alone. */
    kind: z.enum(["key", "contract"]),
    /** The chain of a contract; null for a key. */
    chainId: Id.nullable(),
    name: z.string(),
    /** Others see the address. */
    isPublic: z.boolean(),
    linkedAtMs: Instant,
  })
  .meta({ id: "LinkedWallet" });
export type LinkedWallet = z.output<typeof LinkedWallet>;

const TypedFields = z.array(z.object({ name: z.string(), type: z.string() }));
/** The data for `eth_signTypedData_v4`, whose names are those of EIP-712. */
const TypedData = z
  .object({
    types: z.object({
      EIP712Domain: named("EIP712Domain", TypedFields),
      SignIn: named("SignIn", TypedFields),
    }),
    primaryType: named("primaryType", z.literal("SignIn")),
    domain: z.object({ name: z.string(), version: z.string(), chainId: named("chainId", z.int()) }),
    message: z.object({
      domain: z.string(),
      uri: z.string(),
      account: z.string(),
      statement: z.string(),
      nonce: z.string(),
      issuedAt: named("issuedAt", z.string()),
      expiresAt: named("expiresAt", z.string()),
    }),
  })
  .meta({ id: "TypedSignIn" });

/** The answer of a wallet to a challenge. */
export const SignedChallenge = z.object({ challengeId: z.string().min(1).max(64), signature: z.string().max(14_000) });
export type SignedChallenge = z.output<typeof SignedChallenge>;

const ofOwner = { auth: "user", rate: "login", scope: "none" } as const;

export const walletMethods = {
  challenge: command({
    http: "POST /api/v1/auth/challenge",
    auth: "public",
    rate: "login",
    summary:
      "Writes the message that a wallet signs to prove itself, which is good once and for five minutes. `wallet` is another name of `address`.",
    input: z.object({
      address: WalletAddress.optional(),
      wallet: WalletAddress.optional(),
      /** May be left out with `namespace: solana`. */
      chainId: ChainId.optional(),
      namespace: ChainNamespace.optional(),
      signType: SignType.default("personal_sign"),
    }),
    output: z.object({
      challengeId: z.string(),
      /** With `eip712` the typed data as JSON. */
      message: z.string(),
      nonce: z.string(),
      issuedAtMs: Instant,
      expiresAtMs: Instant,
      address: z.string(),
      wallet: z.string(),
      chainId: ChainId,
      signingType: z.enum(["personal_sign", "eip712"]),
      typedData: TypedData.optional(),
    }),
    errors: [UnknownChain, BadAddress],
  }),
  wallets: query({
    http: "GET /api/v1/auth/wallets",
    ...ofOwner,
    summary: "Lists the wallets that sign in to the account of the caller.",
    input: z.object({}),
    output: z.object({ items: z.array(LinkedWallet) }),
  }),
  changeWallet: command({
    http: "PUT /api/v1/auth/wallets/:id",
    ...ofOwner,
    idempotent: true,
    summary: "Changes the name of a wallet of the caller, or whether others see its address.",
    input: z.object({ id: Id, name: Line(60).min(1).optional(), isPublic: z.boolean().optional() }),
    output: LinkedWallet,
    errors: [WalletNotFound],
  }),
  unlinkWallet: command({
    http: "DELETE /api/v1/auth/wallets/:id",
    ...ofOwner,
    freshness: "required",
    idempotent: true,
    summary:
      "Takes a wallet from the account of the caller. What it holds opens nothing for the account after ten seconds.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [WalletNotFound, LastWayIn],
  }),
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
          /** The configured name of the chain; with `unknown` alone. */
          chain: z.string().optional(),
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
