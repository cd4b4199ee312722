import { z } from "zod";
import { bytesOfBase58 } from "./base58.ts";

/** The genesis block of Solana's main cluster, which is the chain −1. */
const solanaMainnet = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
const endpointsMax = 8;
const chainsMax = 32;

/** An address of a JSON-RPC endpoint. Its key may be in the path, the query or the user. */
const Endpoint = z
  .url({ protocol: /^https?$/, abort: true, error: "an endpoint is an address of http or https" })
  .max(2_048)
  .refine((url) => !url.includes("#"), "an endpoint has no fragment");

const Chain = z
  .strictObject({
    /** The chain id of EIP-155; a negative number for Solana, −1 for its main cluster. */
    id: z.int().min(-1_000).max(Number.MAX_SAFE_INTEGER),
    namespace: z.enum(["eip155", "solana"]),
    name: z.string().min(1).max(60),
    endpoints: z.array(Endpoint).min(1, "a chain needs an endpoint").max(endpointsMax),
    /** The number of endpoints that must give the same answer; by default 2, or 1 where there is one endpoint. */
    agree: z.int().min(1).max(endpointsMax).optional(),
    /** The block at which a holding counts: `finalized`, `safe`, or `depth:n` below the latest one. */
    grant: z
      .string()
      .regex(/^(?:finalized|safe|depth:[1-9]\d{0,3})$/, "grant is finalized, safe, or depth:n with n from 1 to 9999")
      .default("finalized"),
    block_age_max_seconds: z.int().min(10).max(3_600).default(120),
    /** For each step of a look-up. */
    deadline_ms: z.int().min(100).max(30_000).default(3_000),
    /** The hash of the first block, in base58; Solana alone, and known for −1. */
    genesis: z
      .string()
      .refine((text) => bytesOfBase58(text, 32) !== undefined, "genesis is the base58 of 32 bytes")
      .optional(),
  })
  .superRefine((chain, context) => {
    const { id, namespace, endpoints, agree = 1, grant, genesis } = chain;
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const isSolana = namespace === "solana";
    if (isSolana !== id < 0 || id === 0)
      refuse("id", "the id of a chain is its EIP-155 number, and negative for Solana");
    if (isSolana && id !== -1 && genesis === undefined) refuse("genesis", "a cluster of Solana needs its genesis hash");
    if (!isSolana && genesis !== undefined) refuse("genesis", "only a cluster of Solana has a genesis hash here");
    if (isSolana && grant.startsWith("depth:")) refuse("grant", "Solana grants at finalized or safe");
    if (agree > endpoints.length) refuse("agree", "agree is larger than the number of endpoints");
    if (new Set(endpoints.map((url) => new URL(url).href)).size < endpoints.length)
      refuse("endpoints", "an endpoint is named twice, and would agree with itself");
  })
  .transform(({ agree, genesis, grant, ...chain }) => ({
    ...chain,
    agree: agree ?? Math.min(2, chain.endpoints.length),
    grant: grantOf(grant),
    genesis: genesis ?? solanaMainnet,
  }));

/** The value of `KINORA_CHAINS`. */
export const Chains = z
  .array(Chain)
  .max(chainsMax)
  .refine((chains) => new Set(chains.map(({ id }) => id)).size === chains.length, "a chain id occurs twice");

export type Chain = z.output<typeof Chain>;

/** The block at which a holding counts. */
export type Grant = { readonly kind: "finalized" | "safe" } | { readonly kind: "depth"; readonly blocks: number };

function grantOf(text: string): Grant {
  if (text === "finalized" || text === "safe") return { kind: text };
  return { kind: "depth", blocks: Number(text.slice("depth:".length)) };
}

/** @throws {TypeError} what is wrong, for the operator, without addresses of endpoints */
export function readChains(text: string): readonly Chain[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TypeError("must be JSON");
  }
  const chains = Chains.safeParse(value);
  if (chains.success) return chains.data;
  const [issue] = chains.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  throw new TypeError(`${path === "" ? "" : `at ${path}: `}${issue?.message ?? "must be a list of chains"}`);
}
