import type { ChainFault } from "../endpoints/port.ts";

/** A condition of a gate, on one chain. Amounts are in base units, addresses in their normal form. */
export type TokenCondition = { readonly contract: string; readonly min: bigint } & (
  | { readonly standard: "erc721" /** Any token of the collection where it is undefined. */; readonly tokenId?: bigint }
  | { readonly standard: "erc1155"; readonly tokenId: bigint }
  | { readonly standard: "erc20" | "spl" }
);

/** Asks if a wallet meets a condition. */
export interface HoldingCheck {
  readonly wallet: string;
  readonly condition: TokenCondition;
}

/** A failure is never `not_held`. */
export type Holding =
  | {
      readonly state: "held" | "waiting_for_finality" | "not_held";
      /** At the latest block. */
      readonly balance: bigint;
      /** Number of the latest block, or slot. */
      readonly block: number;
    }
  | { readonly state: "unavailable"; readonly fault: ChainFault };

/** Balances at the two blocks. */
export interface Balances {
  readonly latest: bigint;
  readonly grant: bigint;
}

/**
 * Held is held at the grant block and at the latest block. A purchase counts once it is final, a sale at its block, and
 * a loan that ends in its block never.
 */
export function holdingOf(min: bigint, { latest, grant }: Balances, block: number): Holding {
  // Nothing is not held, whatever a condition says.
  const least = min > 0n ? min : 1n;
  if (latest < least) return { state: "not_held", balance: latest, block };
  return { state: grant < least ? "waiting_for_finality" : "held", balance: latest, block };
}
