import { closeAfterFiles } from "../../scripts/test/shared.ts";
import type { Instance } from "./instance.ts";
import { administrator, type Kind } from "./template.ts";
import { startTested } from "./tested-topology.ts";

/** A chain for wallets of a key, which need no answer of it. */
export const keyChain = JSON.stringify([
  { id: 31_337, namespace: "eip155", name: "Test chain", endpoints: ["http://127.0.0.1:9/key"] },
]);

const servers = new Map<Kind, Promise<Instance>>();

/**
 * The server that the test files of this process share, with an administrator and without a rate limit. It starts at its
 * first use. A file that needs all of an instance, such as its feed or its settings, starts a server of its own.
 */
export function sharedInstance(kind: Kind = "empty"): Promise<Instance> {
  const server = servers.get(kind) ?? startShared(kind);
  servers.set(kind, server);
  return server;
}

async function startShared(kind: Kind): Promise<Instance> {
  const env = {
    KINORA_ADMIN_USERNAME: administrator.username,
    KINORA_ADMIN_PASSWORD: administrator.password,
    KINORA_RATE_LIMIT: "off",
    KINORA_CHAINS: keyChain,
  };
  const instance = await startTested(env, kind);
  closeAfterFiles(() => instance[Symbol.asyncDispose]());
  return instance;
}
