import type { KinoraError } from "#kernel";
import { chainUnavailable } from "#policy/gates/failures";
import type { ServedChain } from "./chain-set.ts";

/** The failure of a chain that cannot be asked, with its name. */
export const silentChain = ({ chain, health }: Pick<ServedChain, "chain" | "health">): KinoraError =>
  chainUnavailable({ chain_id: chain.id, chain: chain.name, since: new Date(health.answeredAtMs).toISOString() });
