import { agreeOnBlocks } from "./endpoints/evm-blocks.ts";
import type { ChainFault } from "./endpoints/port.ts";
import { reachSlots } from "./endpoints/solana-slots.ts";
import { type ChainSource, ChainUnavailable } from "./endpoints/source.ts";
import type { Holding, HoldingCheck } from "./holdings/condition.ts";
import { evmHoldings } from "./holdings/evm-holdings.ts";
import { splHoldings } from "./holdings/spl-holdings.ts";

/** One chain, of whichever kind. */
export interface ChainReader {
  /**
   * One holding for each check, in their order.
   * @throws {RangeError} for an address or a standard of another kind of chain
   */
  holdings(checks: readonly HoldingCheck[]): Promise<readonly Holding[]>;
  /** Numbers of the blocks, or slots, that enough endpoints have reached; or why they have none. */
  probe(): Promise<ChainState>;
}

export type ChainState = { readonly latest: number; readonly grant: number } | { readonly fault: ChainFault };

export function createChainReader(source: ChainSource): ChainReader {
  const isSolana = source.chain.id < 0;
  return {
    holdings: (checks) => (isSolana ? splHoldings(source, checks) : evmHoldings(source, checks)),
    async probe() {
      try {
        if (isSolana) {
          const { latest, grant } = await reachSlots(source, false);
          return { latest, grant };
        }
        const { latest, grant } = await agreeOnBlocks(source, false);
        return { latest: latest.number, grant: grant.number };
      } catch (error) {
        if (!(error instanceof ChainUnavailable)) throw error;
        return { fault: error.fault };
      }
    },
  };
}
