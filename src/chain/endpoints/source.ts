import type { Chain } from "../chains.ts";
import type { ChainFault, EndpointPort, EndpointReport } from "./port.ts";

/** One chain with its endpoints, in the order of the configuration. */
export interface ChainSource {
  readonly chain: Pick<Chain, "id" | "agree" | "grant" | "genesis" | "block_age_max_seconds" | "deadline_ms">;
  readonly endpoints: readonly EndpointPort[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe?: (report: EndpointReport) => void;
}

/** The time that slower endpoints have after enough have answered. */
export const graceMs = 150;

/** The chain could not be asked; nothing is known about what it holds. */
export class ChainUnavailable extends Error {
  readonly fault: ChainFault;

  constructor(fault: ChainFault) {
    super(`the chain cannot be asked: ${fault}`);
    this.fault = fault;
  }
}
