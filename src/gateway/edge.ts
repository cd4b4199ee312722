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
import { BufferPool } from "./delivery/buffer-pool.ts";
import { driveBytes, driveRoutes } from "./delivery/drive.ts";
import { instanceIcons, instanceRoutes } from "./delivery/instance-icons.ts";
import { messageBytes, messageRoutes } from "./delivery/message-attachments.ts";
import type { ObjectParts } from "./delivery/object-response.ts";
import { createPlaybackHooks } from "./delivery/playback-cookie.ts";
import { RangeCache } from "./delivery/range-cache.ts";
import { ResponseCache, segmentsCache } from "./delivery/response-cache.ts";
import { SharedReaders } from "./delivery/shared-readers.ts";
import { streams, streamRoutes } from "./delivery/streams.ts";
import { exportArchive, exportRoutes } from "./export/export.ts";
import { ExportLimit } from "./export/limit.ts";
import { AddressPseudonyms } from "./identity/address-pseudonyms.ts";
import { Admission } from "./identity/admission.ts";
import { wantsCookies } from "./identity/cookie.ts";
import { RateLimits } from "./identity/rate-limits.ts";
import type { ReadPositions } from "./identity/read-positions.ts";
import { createSessionHooks } from "./identity/session-hooks.ts";
import { Viewers } from "./identity/viewers.ts";
import { liveFlv, liveFlvRoutes } from "./live/flv.ts";
import { liveHls, liveHlsRoutes } from "./live/hls.ts";
import { liveRoomRoutes, liveRooms, type RoomPace } from "./live/room/routes.ts";
import { liveWebrtc, liveWebrtcRoutes } from "./live/webrtc.ts";
import { keySet, keySetRoutes } from "./identity/key-set.ts";
import { providerRoutes, serveProviders } from "./identity/provider-routes.ts";
import { mailLinks, mailRoutes } from "./mail-links.ts";
import type { MetricsAccess } from "./metrics-access.ts";
import { operations } from "./operations.ts";
import type { RawRoute } from "./raw-route.ts";
import { liveSocket, type Pace, socketRoutes } from "./realtime/websocket.ts";
import { withBriefCache } from "./rest/brief-cache.ts";
import { openApi } from "./rest/openapi.ts";
import { createRunnerHooks } from "./rest/runner-address.ts";
import { createNewestHooks } from "./rest/newest-videos.ts";
import { serveRest } from "./rest/rest.ts";
import { views } from "./rest/views.ts";
import { Appender } from "./uploads/appender.ts";
import { runnerFiles, runnerRoutes } from "./uploads/runner-files.ts";
import { tusRoutes } from "./uploads/tus-routes.ts";
import { tus } from "./uploads/tus.ts";
import { Uploads } from "./uploads/uploads.ts";

/** The parts of every public port that answers REST. */
export interface EdgeParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly metricsAccess?: MetricsAccess | undefined;
  readonly blob: BlobStore;
  readonly cache: Cache;
  /** The declared caches of this process; of the gateway alone when left out. */
  readonly caches?: CachePolicies;
  /** The contracts whose methods have routes here. */
  readonly contracts: readonly Contract[];
  readonly version: string;
  /** Its configured name, and the largest file it takes. */
  readonly site: { readonly name: string; readonly uploadBytesMax: number };
  readonly publicUrl?: string | undefined;
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

/** The objects that all routes of a public port share. */
export interface Edge {
  readonly parts: EdgeParts;
  readonly client: ClientOf;
  readonly caches: CachePolicies;
  readonly viewers: Viewers;
  readonly admission: Admission;
  readonly bytes: ObjectParts;
  readonly uploads: Uploads;
  readonly addressOf: (request: HttpRequest) => string;
}

export function createEdge(server: HttpServer, parts: EdgeParts): Edge {
  const { blob, caches = new CachePolicies() } = parts;
  const client = withBriefCache(parts.client, caches);
  const viewers = new Viewers(client(auth), undefined, caches);
  const uploads = new Uploads({ blob, upload: client(upload), media: client(media) });
  server.onClose(() => uploads.idle().then(() => undefined));
  return {
    parts,
    client,
    caches,
    viewers,
    admission: new Admission({
      viewers,
      limits: new RateLimits(parts.cache, parts.limits),
      pseudonyms: new AddressPseudonyms((call) => client(auth).sourceSalt({}, call)),
    }),
    bytes: objectParts(server, parts, caches),
    uploads,
    addressOf: (request) => parts.publicUrl ?? `${request.protocol}://${request.host}`,
  };
}

/** Routes that are more than a method of a contract: for the document, and the code that serves them. */
interface RawRoutes {
  readonly routes: readonly RawRoute[];
  serve(server: HttpServer, edge: Edge): void;
}

/** By the service that owns them. */
const ownedRoutes: Readonly<Record<string, readonly RawRoutes[]>> = {
  instance: [{ routes: instanceRoutes, serve: instanceIcons }],
  auth: [
    { routes: mailRoutes, serve: mailLinks },
    { routes: keySetRoutes, serve: keySet },
    { routes: providerRoutes, serve: serveProviders },
  ],
  streaming: [{ routes: streamRoutes, serve: (server, { bytes, ...edge }) => streams(server, { ...bytes, ...edge }) }],
  drive: [{ routes: driveRoutes, serve: (server, { bytes, ...edge }) => driveBytes(server, { ...bytes, ...edge }) }],
  message: [
    { routes: messageRoutes, serve: (server, { bytes, ...edge }) => messageBytes(server, { ...bytes, ...edge }) },
    {
      routes: socketRoutes,
      serve: (server, { parts: { log, pace }, ...edge }) => liveSocket(server, { ...edge, log, ...(pace && { pace }) }),
    },
  ],
  user: [
    {
      routes: exportRoutes,
      serve: (server, { parts: { blob, log, cache, limits }, ...edge }) =>
        exportArchive(server, { ...edge, blob, log, limit: new ExportLimit(cache, limits !== undefined) }),
    },
  ],
  transcoder: [
    { routes: runnerRoutes, serve: (server, { bytes, ...edge }) => runnerFiles(server, { ...bytes, ...edge }) },
  ],
  upload: [{ routes: tusRoutes, serve: resumableUploads }],
  live: [
    {
      routes: liveHlsRoutes,
      serve: (server, { parts: { log, metrics }, ...edge }) => liveHls(server, { ...edge, log, metrics }),
    },
    { routes: liveWebrtcRoutes, serve: liveWebrtc },
    { routes: liveFlvRoutes, serve: (server, { parts: { log }, ...edge }) => liveFlv(server, { ...edge, log }) },
    {
      routes: liveRoomRoutes,
      serve: (server, { parts: { log, instance, pace }, ...edge }) =>
        liveRooms(server, { ...edge, log, instance, pace: pace?.room }),
    },
  ],
};

function resumableUploads(server: HttpServer, { parts: { blob, site, instance }, client, admission }: Edge): void {
  const appender = new Appender({ blob, upload: client(upload), media: client(media), life: lifeOf(instance) });
  server.onClose(() => appender.idle().then(() => undefined));
  tus(server, { admission, client, appender, fileBytesMax: site.uploadBytesMax });
}

/** Puts the routes of all services on a port. `documented` are all raw routes of the port. */
export function allRoutes(server: HttpServer, edge: Edge, documented: readonly RawRoute[]): void {
  for (const owned of Object.values(ownedRoutes).flat()) owned.serve(server, edge);
  contractRoutes(server, edge, documented);
}

/** Puts the routes of the services whose contracts there are on a port. */
export function serviceRoutes(server: HttpServer, edge: Edge): void {
  const owned = edge.parts.contracts.flatMap(({ name }) => ownedRoutes[name] ?? []);
  for (const entry of owned) entry.serve(server, edge);
  contractRoutes(
    server,
    edge,
    owned.flatMap(({ routes }) => routes),
  );
}

function contractRoutes(server: HttpServer, edge: Edge, documented: readonly RawRoute[]): void {
  const { parts, client, viewers, addressOf } = edge;
  operationRoutes(server, edge, documented);
  serveRest(server, parts.contracts, {
    admission: edge.admission,
    client,
    views,
    reads: parts.reads,
    failpoints: parts.failpoints ?? noFailpoints,
    uploads: edge.uploads,
    // Our own pages use paths, which are right under every name of this instance.
    publicBase: (request) => (wantsCookies(request) ? "" : addressOf(request)),
    hooksOf: (method) => ({
      ...createSessionHooks(method, viewers),
      ...createPlaybackHooks(method),
      ...createRunnerHooks(method),
      ...createNewestHooks(method, client, parts.metrics),
    }),
    reportDegraded: (part, error, { traceId }) =>
      parts.log.warn("an answer was sent with defaults", { part, traceId, err: error }),
  });
}

/** The shared parts of routes that answer with bytes. */
function objectParts(
  server: HttpServer,
  { blob, log, metrics, hotBytesMax }: EdgeParts,
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

function operationRoutes(
  server: HttpServer,
  { parts, client, admission }: Edge,
  documented: readonly RawRoute[],
): void {
  const { metrics, metricsAccess, ready, degradations, contracts, version } = parts;
  operations(server, {
    metrics,
    metricsAccess,
    ready,
    ...(degradations && { degradations }),
    async isAdmin(request) {
      const { role } = await admission.identify(
        { auth: "public", rate: "read", kind: "query", scope: "admin:read" },
        request,
        5_000,
      );
      return role === "admin";
    },
    decoders: () =>
      client(transcoder)
        .capabilities({}, newCall({ waitMs: 2_000 }))
        .then(
          ({ version: ffmpeg, faults, sandbox, allowed }) => ({ version: ffmpeg, faults, sandbox, allowed }),
          () => undefined,
        ),
    openApi: () => openApi(contracts, documented, views, version),
  });
}
