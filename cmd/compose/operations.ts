import { MetricsAccess } from "../../src/gateway/metrics-access.ts";
import { operations, type OperationsParts } from "../../src/gateway/operations.ts";
import { AddressRules } from "../../src/kernel/clients/address-rules.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { TokenFile } from "../../src/kernel/config/token-file.ts";
import type { HttpServer } from "../../src/kernel/http/port.ts";
import type { Log } from "../../src/kernel/log/port.ts";

interface Parts extends Pick<OperationsParts, "metrics" | "metricsAccess" | "ready" | "degradations"> {
  readonly version: string;
}

/** The port of a process without REST: how it is, and nothing else. Nobody signs in here, also no administrator. */
export function operationsAlone(server: HttpServer, { version, ...parts }: Parts): void {
  const openApi = async () => (await import("../../src/gateway/rest/openapi.ts")).openApi([], [], [], version);
  operations(server, { ...parts, openApi, isAdmin: async () => false });
}

/** Readers of the metrics of this process. @throws ConfigError where the configured token cannot be used */
export async function metricsAccessOf({ server }: Config, log: Log): Promise<MetricsAccess> {
  const { metricsNetworks: networks, metricsTokenFile: path } = server;
  const token = path === undefined ? undefined : await TokenFile.open("KINORA_METRICS_TOKEN_FILE", path, log);
  return new MetricsAccess({ networks, token });
}

/** The addresses of clients that the gateway admits. */
export const addressRulesOf = ({ server }: Pick<Config, "server">): AddressRules =>
  new AddressRules({
    deny: server.denyNetworks,
    allow: server.allowNetworks,
    trustedProxies: server.trustedProxies,
  });
