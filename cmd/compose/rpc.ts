import type { ReadPositions } from "../../src/gateway/identity/read-positions.ts";
import type { BlobStore } from "../../src/kernel/blob/port.ts";
import type { CachePolicies } from "../../src/kernel/cache/policies.ts";
import type { Cache } from "../../src/kernel/cache/port.ts";
import type { RenewedCertificates } from "../../src/kernel/certificates/renewed-certificates.ts";
import type { Contract } from "../../src/kernel/contract.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { ServiceHost } from "../../src/kernel/host/host.ts";
import type { CallerRates } from "../../src/kernel/http/limits.ts";
import type { Secrets } from "../../src/kernel/keys/port.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import { type RpcServer, createRpcServer } from "../../src/kernel/rpc/server/server.ts";
import type { Metrics } from "../../src/kernel/telemetry/port.ts";
import packageJson from "../../package.json" with { type: "json" };
import { addressRulesOf } from "./operations.ts";
import { contractLock } from "./contract-lock.ts";
import type { Readiness } from "./readiness.ts";
import type { Share } from "./share.ts";

interface Parts {
  readonly config: Config;
  /** Every service of the installation, where the gateway runs. */
  readonly contracts: readonly Contract[];
  readonly share: Share;
  readonly host: ServiceHost;
  /** The recorder of commit positions, if the database has replicas. */
  readonly reads?: ReadPositions | undefined;
  readonly cache: Cache;
  readonly caches: CachePolicies;
  readonly limits: CallerRates | undefined;
  readonly secrets: Secrets;
  readonly tls?: RenewedCertificates | undefined;
  readonly blob: BlobStore;
  /** The origin clients of the public port reach it by. */
  readonly address: () => string;
  readonly readiness: Pick<Readiness, "missing" | "degradations">;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Opens the RPC port. The gateway's process answers for all services, and to strangers. */
export async function openRpc({
  config: { cluster, limits, server: publicServer },
  contracts,
  share,
  host,
  reads,
  caches,
  blob,
  address,
  readiness,
  ...parts
}: Parts): Promise<RpcServer> {
  // The code of public APIs is loaded where the gateway runs.
  const gateway = share.hasGateway
    ? (await import("./gateway/gateway-rpc.ts")).createGatewayRpc({
        ...parts,
        publicServer,
        contracts,
        host,
        reads,
        caches,
        blob,
        address,
      })
    : undefined;
  const local = host.contracts.filter(({ methods }) => Object.keys(methods).length > 0);
  const server = await createRpcServer(
    {
      contracts: share.hasGateway ? contracts : local,
      lock: contractLock(),
      version: packageJson.version,
      connectionLimits: limits,
      trustedProxies: publicServer.trustedProxies,
      addressRules: addressRulesOf({ server: publicServer }),
      host,
      reportsCommits: reads !== undefined,
      ready: readiness.missing,
      degradations: readiness.degradations,
      ...parts,
      ...gateway,
    },
    { host: cluster.rpcHost, port: cluster.rpcPort ?? 0 },
  );
  parts.log.info("RPC port open", { port: server.port, services: host.services });
  return server;
}
