import { join } from "node:path";
import type { ClientOf } from "../../../src/gateway/client-of.ts";
import { entriesOf } from "../../../src/gateway/compat/entries.ts";
import { gateway, type GatewayParts } from "../../../src/gateway/gateway.ts";
import { type ReadPositions, withReadPositions } from "../../../src/gateway/identity/read-positions.ts";
import type { Config } from "../../../src/kernel/config/load.ts";
import type { ServiceHost } from "../../../src/kernel/host/host.ts";
import type { HttpServer } from "../../../src/kernel/http/port.ts";
import type { Adapters } from "../adapters.ts";
import type { Databases } from "../databases/databases.ts";

const root = join(import.meta.dirname, "../../..");

type Given =
  | "contracts"
  | "instance"
  | "limits"
  | "log"
  | "metrics"
  | "metricsAccess"
  | "ready"
  | "degradations"
  | "version";

interface Parts extends Pick<GatewayParts, Given> {
  readonly config: Config;
  readonly adapters: Adapters<Databases>;
  readonly host: ServiceHost;
  readonly reads: ReadPositions | undefined;
}

/** The whole gateway on the public port, as the configuration asks for it. */
export async function serveGateway(publicServer: HttpServer, { config, adapters, host, reads, ...parts }: Parts) {
  const { server, site, upload, cdn, media } = config;
  const { environment, blob, cache, caches } = adapters;
  const client: ClientOf = (contract) => host.client(contract, "gateway");
  await gateway(publicServer, {
    ...parts,
    blob,
    cache,
    caches,
    client: reads ? withReadPositions(client, reads) : client,
    reads,
    site: {
      name: site.name,
      uploadBytesMax: upload.fileBytesMax,
    },
    web: join(root, "web/dist"),
    publicUrl: server.publicUrl?.replace(/\/$/, ""),
    entries: entriesOf(server),
    cdnUrl: cdn.url,
    corsOrigins: server.corsOrigins,
    hotBytesMax: media.segmentCacheBytes,
    failpoints: environment.failpoints,
  });
}
