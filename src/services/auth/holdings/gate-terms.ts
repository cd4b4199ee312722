import type { Handlers } from "#kernel";
import type { ChainSet } from "../chains/chain-set.ts";
import type { auth } from "../contract.ts";
import type { Holdings } from "./holdings.ts";
import { conditionOf } from "./terms.ts";

/** Answers the services that have gates. */
export const createGateTerms = (
  chains: ChainSet,
  holdings: Pick<Holdings, "ofAccount">,
): Pick<Handlers<typeof auth>, "holds" | "termFaults"> => ({
  async holds({ userId, terms, isAnew }) {
    const items = await Promise.all(
      terms.map(async ({ chainId, ...term }) => {
        const served = chains.get(chainId);
        const condition = served && conditionOf(term, served.chain.namespace);
        // A chain that the operator took out of the configuration cannot be asked.
        if (served === undefined || typeof condition !== "object")
          return { state: "unknown" as const, hasWallet: false };
        const { answer } = await holdings.ofAccount(served, userId, condition, { isAnew });
        if (answer === undefined) return { state: "not_held" as const, hasWallet: false };
        const { name: chain } = served.chain;
        if (answer.state === "unknown") return { state: answer.state, sinceMs: answer.sinceMs, chain, hasWallet: true };
        return { state: answer.state, hasWallet: true };
      }),
    );
    return { items };
  },

  async termFaults({ terms }) {
    const items = terms.map(({ chainId, ...term }) => {
      const chain = chains.get(chainId)?.chain;
      if (chain === undefined) return { fault: "unknown_chain" as const };
      const condition = conditionOf(term, chain.namespace);
      return { chain: chain.name, ...(typeof condition === "string" && { fault: condition }) };
    });
    return { items };
  },
});
