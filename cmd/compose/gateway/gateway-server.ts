import { join } from "node:path";
import type { ClientOf } from "../../../src/gateway/client-of.ts";
import { entriesOf } from "../../../src/gateway/compat/entries.ts";
import type { EdgeParts } from "../../../src/gateway/edge.ts";
import { gateway, serviceGateway } from "../../../src/gateway/gateway.ts";
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

interface Parts extends Pick<EdgeParts, Given> {
  readonly config: Config;
  readonly adapters: Adapters<Databases>;
  readonly host: ServiceHost;
  readonly reads: ReadPositions | undefined;
}

/** The whole gateway on the public port, as the configuration asks for it. */
export async function serveGateway(publicServer: HttpServer, parts: Parts): Promise<void> {
  const { server, cdn } = parts.config;
  await gateway(publicServer, {
    ...edgeParts(parts),
    web: join(root, "web/dist"),
    entries: entriesOf(server),
    cdnUrl: cdn.url,
    corsOrigins: server.corsOrigins,
  });
}

/** The routes of the services in this process on its own port. */
export async function serveServices(publicServer: HttpServer, parts: Parts): Promise<void> {
  serviceGateway(publicServer, edgeParts(parts));
}

function edgeParts({ config, adapters, host, reads, ...parts }: Parts): EdgeParts {
  const { server, site, upload, media } = config;
  const { environment, blob, cache, caches } = adapters;
  const client: ClientOf = (contract) => host.client(contract, "gateway");
  return {
    ...parts,
    blob,
    cache,
    caches,
    client: reads ? withReadPositions(client, reads) : client,
    reads,
    site: { name: site.name, uploadBytesMax: upload.fileBytesMax },
    publicUrl: server.publicUrl?.replace(/\/$/, ""),
    hotBytesMax: media.segmentCacheBytes,
    failpoints: environment.failpoints,
  };
}
