import type { HttpServer } from "#kernel/http/port";
import { cloudFiles } from "./compat/cloud-files/cloud-files.ts";
import type { Entries } from "./compat/entries.ts";
import { douyin } from "./compat/douyin/douyin.ts";
import { resumable } from "./compat/resumable/resumable.ts";
import { createCrossOrigin } from "./cross-origin.ts";
import { allRoutes, createEdge, type EdgeParts, serviceRoutes } from "./edge.ts";
import { createOpenWeb } from "./open-web/open-web.ts";
import { Site } from "./open-web/site.ts";
import { pages } from "./pages.ts";
import { rawRoutes } from "./raw-routes.ts";
import { views } from "./rest/views.ts";

export interface GatewayParts extends EdgeParts {
  /** Folder of the built web app. */
  readonly web: string;
  readonly entries?: Entries;
  /** Origins whose pages may use the API with tokens. */
  readonly corsOrigins?: readonly string[];
  /** The CDN that pages may fetch public segments from. */
  readonly cdnUrl?: string | undefined;
}

/** Puts every route on the public port. */
export async function gateway(server: HttpServer, parts: GatewayParts): Promise<void> {
  const edge = createEdge(server, parts);
  const { admission, client, caches, bytes, uploads, addressOf } = edge;
  allRoutes(server, edge, rawRoutes);
  const compatible = {
    admission,
    client,
    blob: parts.blob,
    uploads,
    bytes,
    addressOf,
    fileBytesMax: parts.site.uploadBytesMax,
    entries: parts.entries ?? {},
  };
  for (const api of [resumable, cloudFiles, douyin]) api(server, compatible);
  const ownSite = new Site({ client, cache: parts.cache, caches, name: parts.site.name });
  const open = createOpenWeb(server, {
    admission,
    client,
    views,
    site: ownSite,
    addressOf,
    hasPublicUrl: parts.publicUrl !== undefined,
    reportDegraded: (part, error, { traceId }) =>
      parts.log.warn("a page was sent without its head", { part, traceId, err: error }),
  });
  await pages(server, parts.web, {
    cdnUrl: parts.cdnUrl,
    publicUrl: parts.publicUrl,
    site: ownSite,
    subjectOf: (request) => open.subject(request),
  });
  const permit = createCrossOrigin(parts.corsOrigins ?? []);
  server.front((request, response) => permit(request, response) || bytes.responses.serve(request, response));
}

/** Puts the routes of services on their own port, for gateways of others that route to each service. */
export function serviceGateway(server: HttpServer, parts: EdgeParts): void {
  const edge = createEdge(server, parts);
  serviceRoutes(server, edge);
  server.front((request, response) => edge.bytes.responses.serve(request, response));
}
