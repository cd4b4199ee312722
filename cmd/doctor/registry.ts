import type { Config } from "../../src/kernel/config/load.ts";
import { type Finding, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { createRegistry } from "../compose/fleet/registry.ts";
import { roleNames } from "../services.ts";

const mend =
  "start it, or correct KINORA_REGISTRY_ADDRESS and KINORA_REGISTRY_TOKEN; until then processes use the last addresses they know";

const answerMsMax = 5_000;

/** The processes in the registry of a fleet; nothing where the addresses are a list. */
export async function registryCheck({ cluster }: Config): Promise<Finding[]> {
  if (cluster.registry === "static") return [];
  const registry = createRegistry(cluster, silentLog, answerMsMax);
  try {
    await registry.start();
    const reason = registry.away();
    if (reason !== undefined) return [warn("registry", `${cluster.registry} cannot be asked: ${reason}`, mend)];
    const names = roleNames.filter((name) => name !== "gateway");
    const missing = names.filter((name) => registry.find(name).length === 0);
    const says = `${cluster.registry} has ${names.length - missing.length} of ${names.length} services`;
    if (missing.length === 0) return [ok("registry", says)];
    return [warn("registry", `${says}; nobody runs ${missing.join(", ")}`, "start a process with --services for them")];
  } finally {
    await registry.close();
  }
}
