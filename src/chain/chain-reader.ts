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

export type ChainState =
  | {
      readonly latest: number;
      readonly grant: number;
      /** The time of the latest block, in seconds since 1970. */
      readonly timestamp: number;
      /** How long the grant block is behind, which is how long a purchase waits. */
      readonly waitSeconds: number;
    }
  | { readonly fault: ChainFault };

/** The usual time between two slots of Solana. */
const slotSeconds = 0.4;

export function createChainReader(source: ChainSource): ChainReader {
  const isSolana = source.chain.id < 0;
  return {
    holdings: (checks) => (isSolana ? splHoldings(source, checks) : evmHoldings(source, checks)),
    async probe() {
      try {
        if (isSolana) {
          const { latest, grant, timestamp } = await reachSlots(source, false);
          return { latest, grant, timestamp, waitSeconds: (latest - grant) * slotSeconds };
        }
        const { latest, grant } = await agreeOnBlocks(source, false);
        const waitSeconds = latest.timestamp - grant.timestamp;
        return { latest: latest.number, grant: grant.number, timestamp: latest.timestamp, waitSeconds };
      } catch (error) {
        if (!(error instanceof ChainUnavailable)) throw error;
        return { fault: error.fault };
      }
    },
  };
}
