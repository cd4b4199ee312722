import type { Config } from "../../src/kernel/config/load.ts";
import { portCheck } from "../../src/kernel/doctor/system.ts";

/** A port of the configuration cannot be opened; nothing was started. */
export class PortUnavailable extends Error {
  override readonly name = "PortUnavailable";
}

/**
 * Looks at the ports of the configuration before anything is created or migrated.
 * @throws PortUnavailable that says what to do.
 */
export async function assertPortsFree({ server, cluster }: Config): Promise<void> {
  const ports = [
    { name: "port", host: server.host, port: server.port, flag: "--port" },
    { name: "RPC port", host: cluster.rpcHost, port: cluster.rpcPort ?? 0, flag: "--rpc-port" },
  ];
  for (const { name, host, port, flag } of ports) {
    if (port === 0 && name === "RPC port") continue;
    const { state, says, mend } = await portCheck(name, host, port, flag);
    if (state !== "ok") throw new PortUnavailable(`${name} ${says}: ${mend ?? ""}`);
  }
}
