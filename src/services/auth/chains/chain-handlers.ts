import type { ChainState } from "#chain/chain-reader";
import type { Grant } from "#chain/chains";
import type { Handlers, Host } from "#kernel";
import type { CacheDeclaration } from "#kernel/cache/policy";
import { createSharedCache } from "#kernel/cache/shared";
import type { auth } from "../contract.ts";
import type { ChainSet, ServedChain } from "./chain-set.ts";

const chainsCache: CacheDeclaration = {
  name: "auth.chains",
  what: "The blocks of chains, for the pages that say whether they can be asked.",
  ttlMs: 10_000,
  isShared: true,
};

/** The state of chains: for everybody, and with their endpoints for administrators. */
export function createChainHandlers(
  { cache, caches, now }: Pick<Host, "cache" | "caches" | "now">,
  chains: ChainSet,
): Pick<Handlers<typeof auth>, "chains" | "chainDetails"> {
  const states = createSharedCache<ChainState>(cache, caches.declare(chainsCache));

  const stateOf = ({ chain, reader, health }: ServedChain): Promise<ChainState> =>
    states.getOrLoad(String(chain.id), async () => {
      const state = await reader.probe();
      health.settle("fault" in state ? state.fault : undefined);
      return state;
    });
  const all = <T>(present: (served: ServedChain) => Promise<T>): Promise<T[]> =>
    Promise.all([...chains.values()].map(present));

  async function statusOf(served: ServedChain) {
    const { chain, health } = served;
    const state = await stateOf(served);
    const isDown = "fault" in state;
    return {
      chainId: chain.id,
      namespace: chain.namespace,
      name: chain.name,
      state: isDown ? ("down" as const) : health.condition === "down" ? ("degraded" as const) : health.condition,
      sinceMs: health.sinceMs,
      block: isDown ? null : state.latest,
      grant: textOfGrant(chain.grant),
      estimateSeconds: isDown ? null : Math.max(0, Math.round(state.waitSeconds)),
    };
  }

  return {
    async chains() {
      return { items: await all(statusOf) };
    },

    async chainDetails() {
      const items = await all(async (served) => {
        const { chain, health } = served;
        const [status, state] = [await statusOf(served), await stateOf(served)];
        const isDown = "fault" in state;
        return {
          ...status,
          agree: chain.agree,
          endpoints: health.endpoints.map(({ fault, ...endpoint }) => ({ ...endpoint, fault: fault ?? null })),
          fault: isDown ? state.fault : null,
          grantBlock: isDown ? null : state.grant,
          blockAgeSeconds: isDown ? null : Math.max(0, Math.round(now() / 1_000 - state.timestamp)),
          blockAgeSecondsMax: chain.block_age_max_seconds,
        };
      });
      return { items };
    },
  };
}

const textOfGrant = (grant: Grant): string => (grant.kind === "depth" ? `depth:${grant.blocks}` : grant.kind);
