import { type Chain, readChains } from "../../src/chain/chains.ts";
import { createChainReader } from "../../src/chain/chain-reader.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { type Finding, missing, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { createEndpoint } from "../../src/services/auth/chains/endpoint.ts";
import { chainsFault } from "../compose/config.ts";

/** Asks the configured chains, and warns of those that one endpoint alone answers for; empty if none is configured. */
export async function chainChecks(config: Config): Promise<Finding[]> {
  const fault = chainsFault(config);
  if (fault !== undefined) return [missing("chains", `KINORA_CHAINS: ${fault}`, "correct it, or take it out")];
  const chains = config.auth.chains === undefined ? [] : readChains(config.auth.chains);
  return (await Promise.all(chains.map(checksOf))).flat();
}

async function checksOf(chain: Chain): Promise<Finding[]> {
  const { name, agree, endpoints } = chain;
  const label = `chain ${name}`;
  const state = await createChainReader({ chain, endpoints: endpoints.map(createEndpoint), now: Date.now }).probe();
  const answer =
    "fault" in state
      ? warn(
          label,
          `cannot be asked: ${state.fault}`,
          "correct its endpoints, or agree; its gates stay closed until then",
        )
      : ok(label, `${agree} of ${endpoints.length} endpoints agree at block ${state.latest}`);
  if (agree > 1) return [answer];
  const hosts = endpoints.map((url) => new URL(url).host).join(", ");
  const says = `each of its endpoints is trusted alone (${hosts}): one that lies opens gates and signs in contract wallets`;
  return [answer, warn(label, says, "configure endpoints of several operators, and `agree` of at least 2")];
}
