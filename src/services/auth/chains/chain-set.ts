import { type ChainReader, createChainReader } from "#chain/chain-reader";
import type { Chain } from "#chain/chains";
import type { ChainSource } from "#chain/endpoints/source";
import { ChainHealth } from "./chain-health.ts";
import { createEndpoint } from "./endpoint.ts";

/** One chain of the configuration, with what this process knows of it. */
export interface ServedChain {
  readonly chain: Chain;
  readonly source: ChainSource;
  readonly reader: ChainReader;
  readonly health: ChainHealth;
}

/** The chains of the configuration by their ids, in its order. */
export type ChainSet = ReadonlyMap<number, ServedChain>;

export function createChainSet(chains: readonly Chain[], now: () => number): ChainSet {
  return new Map(
    chains.map((chain) => {
      const health = new ChainHealth(chain.endpoints, now);
      const endpoints = chain.endpoints.map(createEndpoint);
      const source: ChainSource = { chain, endpoints, now, observe: (report) => health.observe(report) };
      return [chain.id, { chain, source, reader: createChainReader(source), health }];
    }),
  );
}
