import { Instant, query } from "#kernel";
import { z } from "zod";

/** The EIP-155 number of a chain, or a negative one of a cluster of Solana: −1 for its main one. */
export const ChainId = z.int().min(-1_000).max(Number.MAX_SAFE_INTEGER);
export const ChainNamespace = z.enum(["eip155", "solana"]);
/** `degraded`: enough endpoints answer alike, and one does not. */
export const ChainState = z.enum(["up", "degraded", "down"]);

/** A chain that wallets sign in on and gates ask, as anybody may see it. */
export const ChainStatus = z
  .object({
    chainId: ChainId,
    namespace: ChainNamespace,
    name: z.string(),
    state: ChainState,
    /** When it came into this state, as far as this process knows. */
    sinceMs: Instant,
    /** The latest block, or slot; null where the chain is down. */
    block: z.int().nullable(),
    /** The block at which a purchase counts: `finalized`, `safe` or `depth:n`. */
    grant: z.string(),
    /** How long a purchase waits for that; null while that is not known. */
    estimateSeconds: z.int().nullable(),
  })
  .meta({ id: "ChainStatus" });

/** An endpoint as administrators see it. Its address may hold a key, so its host alone is shown. */
const Endpoint = z
  .object({
    host: z.string(),
    /** Why it had no part in the last answer; null where it had one, or was not asked yet. */
    fault: z.string().nullable(),
    requests: z.int(),
    errors: z.int(),
    /** The time of the last request. */
    latencyMs: z.number().nullable(),
    askedAtMs: Instant.nullable(),
  })
  .meta({ id: "ChainEndpoint" });

const ChainDetails = ChainStatus.extend({
  /** So many endpoints must give the same answer. */
  agree: z.int(),
  endpoints: z.array(Endpoint),
  /** Why the chain is down; null where it is not. */
  fault: z.string().nullable(),
  grantBlock: z.int().nullable(),
  /** How old the latest block is. */
  blockAgeSeconds: z.int().nullable(),
  blockAgeSecondsMax: z.int(),
}).meta({ id: "ChainDetails" });

export const chainMethods = {
  chains: query({
    http: "GET /api/v1/chains",
    auth: "public",
    scope: "any",
    summary: "Lists the chains that wallets sign in on and that gates ask, and whether each can be asked.",
    input: z.object({}),
    output: z.object({ items: z.array(ChainStatus) }),
  }),
  chainDetails: query({
    http: "GET /api/v1/admin/chains",
    auth: "admin",
    summary: "Lists the chains with their endpoints, as the answering process sees them: faults, errors and latency.",
    input: z.object({}),
    output: z.object({ items: z.array(ChainDetails) }),
  }),
};
