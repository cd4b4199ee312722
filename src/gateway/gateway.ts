import { type BlobStore, type Cache, type Contract, type Log, newCall } from "#kernel";
import { CachePolicies } from "#kernel/cache/policies";
import { type Failpoints, noFailpoints } from "#kernel/environment/failpoint";
import { type HttpRequest, type HttpServer, requestsMetric } from "#kernel/http/port";
import type { CallerRates } from "#kernel/http/limits";
import { lifeOf } from "#kernel/process/process-id";
import type { Metrics } from "#kernel/telemetry/port";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { transcoder } from "#services/transcoder/contract";
import { upload } from "#services/upload/contract";
import type { ClientOf } from "./client-of.ts";
import { cloudFiles } from "./compat/cloud-files/cloud-files.ts";
import type { Entries } from "./compat/entries.ts";
import { douyin } from "./compat/douyin/douyin.ts";
import { resumable } from "./compat/resumable/resumable.ts";
import { createCrossOrigin } from "./cross-origin.ts";
import { BufferPool } from "./delivery/buffer-pool.ts";
import { driveBytes } from "./delivery/drive.ts";
import { instanceIcons } from "./delivery/instance-icons.ts";
import { messageBytes } from "./delivery/message-attachments.ts";
import type { ObjectParts } from "./delivery/object-response.ts";
import { createPlaybackHooks } from "./delivery/playback-cookie.ts";
import { RangeCache } from "./delivery/range-cache.ts";
import { ResponseCache, segmentsCache } from "./delivery/response-cache.ts";
import { SharedReaders } from "./delivery/shared-readers.ts";
import { streams } from "./delivery/streams.ts";
import { exportArchive } from "./export/export.ts";
import { ExportLimit } from "./export/limit.ts";
import { AddressPseudonyms } from "./identity/address-pseudonyms.ts";
import { Admission } from "./identity/admission.ts";
import { wantsCookies } from "./identity/cookie.ts";
import { RateLimits } from "./identity/rate-limits.ts";
import type { ReadPositions } from "./identity/read-positions.ts";
import { createSessionHooks } from "./identity/session-hooks.ts";
import { Viewers } from "./identity/viewers.ts";
import { liveFlv } from "./live/flv.ts";
import { liveHls } from "./live/hls.ts";
import { liveRooms, type RoomPace } from "./live/room/routes.ts";
import { liveWebrtc } from "./live/webrtc.ts";
import { mailLinks } from "./mail-links.ts";
import { createOpenWeb } from "./open-web/open-web.ts";
import { Site } from "./open-web/site.ts";
import type { MetricsAccess } from "./metrics-access.ts";
import { operations } from "./operations.ts";
import { pages } from "./pages.ts";
import { liveSocket, type Pace } from "./realtime/websocket.ts";
import { withBriefCache } from "./rest/brief-cache.ts";
import { openApi } from "./rest/openapi.ts";
import { createNewestHooks } from "./rest/newest-videos.ts";
import { serveRest } from "./rest/rest.ts";
import { views } from "./rest/views.ts";
import { Appender } from "./uploads/appender.ts";
import { tus } from "./uploads/tus.ts";
import { Uploads } from "./uploads/uploads.ts";

export interface GatewayParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly metricsAccess?: MetricsAccess | undefined;
  readonly blob: BlobStore;
  readonly cache: Cache;
  /** The declared caches of this process; of the gateway alone when left out. */
  readonly caches?: CachePolicies;
  readonly contracts: readonly Contract[];
  readonly version: string;
  /** Its configured name, and the largest file it takes. */
  readonly site: { readonly name: string; readonly uploadBytesMax: number };
  /** Folder of the built web app. */
  readonly web: string;
  readonly publicUrl?: string | undefined;
  readonly entries?: Entries;
  /** Origins whose pages may use the API with tokens. */
  readonly corsOrigins?: readonly string[];
  /** The CDN that pages may fetch public segments from. */
  readonly cdnUrl?: string | undefined;
  /** Requests per minute; undefined when limits are off. */
  readonly limits: CallerRates | undefined;
  readonly hotBytesMax: number;
  /** Names this process among those on one database; stable over restarts. */
  readonly instance: string;
  readonly failpoints?: Failpoints;
  /** The pace of sockets, where it differs from the default. */
  readonly pace?: Partial<Pace> & { readonly room?: Partial<RoomPace> };
  /** The recorder of commit positions, where the database has replicas. */
  readonly client: ClientOf;
  readonly reads?: ReadPositions | undefined;
  readonly ready: () => Promise<Record<string, string>>;
  /** Optional dependencies that are unavailable now, and why. */
  readonly degradations?: () => Promise<Record<string, string>>;
}

/** Puts every route on the public port. */
export async function gateway(server: HttpServer, parts: GatewayParts): Promise<void> {
  const { log, blob, site, caches = new CachePolicies() } = parts;
  const client = withBriefCache(parts.client, caches);
  const viewers = new Viewers(client(auth), undefined, caches);
  const admission = new Admission({
    viewers,
    limits: new RateLimits(parts.cache, parts.limits),
    pseudonyms: new AddressPseudonyms((call) => client(auth).sourceSalt({}, call)),
  });
  const addressOf = (request: HttpRequest) => parts.publicUrl ?? `${request.protocol}://${request.host}`;
  const bytes = objectParts(server, parts, caches);
  const uploads = new Uploads({ blob, upload: client(upload), media: client(media) });
  const appender = new Appender({ blob, upload: client(upload), media: client(media), life: lifeOf(parts.instance) });
  server.onClose(() => Promise.all([uploads.idle(), appender.idle()]).then(() => undefined));

  operationRoutes(server, parts, { client, admission });
  instanceIcons(server, { client, admission });
  mailLinks(server, { client, admission });
  for (const deliver of [streams, driveBytes, messageBytes]) deliver(server, { ...bytes, admission, client });
  const limit = new ExportLimit(parts.cache, parts.limits !== undefined);
  exportArchive(server, { admission, client, blob, log, limit, addressOf });
  tus(server, { admission, client, appender, fileBytesMax: site.uploadBytesMax });
  liveHls(server, { admission, client, log, metrics: parts.metrics, caches });
  liveWebrtc(server, { admission, client });
  liveFlv(server, { admission, client, log, caches });
  liveRooms(server, { admission, client, log, instance: parts.instance, pace: parts.pace?.room });
  liveSocket(server, { admission, client, log, addressOf, ...(parts.pace && { pace: parts.pace }) });
  const compatible = {
    admission,
    client,
    blob,
    uploads,
    bytes,
    addressOf,
    fileBytesMax: site.uploadBytesMax,
    entries: parts.entries ?? {},
  };
  for (const api of [resumable, cloudFiles, douyin]) api(server, compatible);
  serveRest(server, parts.contracts, {
    admission,
    client,
    views,
    reads: parts.reads,
    failpoints: parts.failpoints ?? noFailpoints,
    uploads,
    // Our own pages use paths, which are right under every name of this instance.
    publicBase: (request) => (wantsCookies(request) ? "" : addressOf(request)),
    hooksOf: (method) => ({
      ...createSessionHooks(method, viewers),
      ...createPlaybackHooks(method),
      ...createNewestHooks(method, client, parts.metrics),
    }),
    reportDegraded: (part, error, { traceId }) =>
      log.warn("an answer was sent with defaults", { part, traceId, err: error }),
  });
  const ownSite = new Site({ client, cache: parts.cache, caches, name: site.name });
  const open = createOpenWeb(server, {
    admission,
    client,
    views,
    site: ownSite,
    addressOf,
    hasPublicUrl: parts.publicUrl !== undefined,
    reportDegraded: (part, error, { traceId }) =>
      log.warn("a page was sent without its head", { part, traceId, err: error }),
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

/** The shared parts of routes that answer with bytes. */
function objectParts(
  server: HttpServer,
  { blob, log, metrics, hotBytesMax }: GatewayParts,
  caches: CachePolicies,
): ObjectParts {
  const readers = new SharedReaders(blob);
  server.onClose(() => readers.close());
  return {
    blob,
    log,
    readers,
    ranges: new RangeCache(hotBytesMax),
    responses: new ResponseCache(metrics.counter(...requestsMetric), hotBytesMax, caches.declare(segmentsCache)),
    buffers: new BufferPool(),
  };
}

interface OperationParts {
  readonly client: ClientOf;
  readonly admission: Admission;
}

function operationRoutes(
  server: HttpServer,
  { metrics, metricsAccess, ready, degradations, contracts, version }: GatewayParts,
  { client, admission }: OperationParts,
): void {
  operations(server, {
    metrics,
    metricsAccess,
    ready,
    ...(degradations && { degradations }),
    async isAdmin(request) {
      const { role } = await admission.identify({ auth: "public", rate: "read", kind: "query" }, request, 5_000);
      return role === "admin";
    },
    decoders: () =>
      client(transcoder)
        .capabilities({}, newCall({ waitMs: 2_000 }))
        .then(
          ({ version: ffmpeg, faults, sandbox, allowed }) => ({ version: ffmpeg, faults, sandbox, allowed }),
          () => undefined,
        ),
    openApi: () => openApi(contracts, views, version),
  });
}
