import { KinoraError } from "#kernel";
import { ChainUnavailable } from "../failures.ts";
import type { ServedChain } from "./chain-set.ts";

/** The failure of a chain that cannot be asked, with a sentence that names it. */
export function chainUnavailable({ chain, health }: Pick<ServedChain, "chain" | "health">): KinoraError {
  const since = new Date(health.answeredAtMs).toISOString();
  const { kind, code, details, http } = ChainUnavailable({ shown: { chain_id: chain.id, chain: chain.name, since } });
  const message = `${chain.name} cannot be asked right now, so nobody knows who holds what there`;
  return new KinoraError({ kind, code, message, details, http });
}
