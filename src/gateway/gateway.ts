import { type BlobStore, type Cache, type Client, type Contract, type Log, newCall } from "#kernel";
import { type Failpoints, noFailpoints } from "#kernel/environment/failpoint";
import { type HttpRequest, type HttpServer, requestsMetric } from "#kernel/http/port";
import type { Metrics } from "#kernel/telemetry/port";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { transcoder } from "#services/transcoder/contract";
import { upload } from "#services/upload/contract";
import { cloudFiles } from "./compat/cloud-files/cloud-files.ts";
import { wantsCookies } from "./identity/cookie.ts";
import { douyin } from "./compat/douyin/douyin.ts";
import { Admission } from "./identity/admission.ts";
import { driveBytes } from "./delivery/drive.ts";
import { Chunks } from "./delivery/chunks.ts";
import { HotParts } from "./delivery/hot.ts";
import { HotAnswers } from "./delivery/hot-answers.ts";
import { OpenObjects } from "./delivery/open-objects.ts";
import { type LimitSizes, RateLimits } from "./identity/rate-limits.ts";
import { openApi } from "./rest/openapi.ts";
import { messageBytes } from "./delivery/message-attachments.ts";
import { operations } from "./operations.ts";
import { openWeb } from "./open-web/open-web.ts";
import { pages } from "./pages.ts";
import type { ReadPositions } from "./identity/read-positions.ts";
import { playbackHooks } from "./delivery/playback.ts";
import { rest } from "./rest/rest.ts";
import { resumable } from "./compat/resumable/resumable.ts";
import { AddressPseudonyms } from "./identity/address-pseudonyms.ts";
import { sessionHooks } from "./identity/session-hooks.ts";
import { streams } from "./delivery/streams.ts";
import { Appending } from "./uploads/append.ts";
import { tus } from "./uploads/tus.ts";
import { Uploads } from "./uploads/uploads.ts";
import { lifeOf } from "#kernel/process/process-id";
import { withBriefCache } from "./rest/brief-cache.ts";
import { liveSocket, type Pace } from "./realtime/websocket.ts";
import { Viewers } from "./identity/viewers.ts";
import { viewsOf } from "./rest/views.ts";
import type { Site } from "./rest/views/instance.ts";
import type { z } from "zod";

export interface GatewayParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly blob: BlobStore;
  readonly cache: Cache;
  readonly contracts: readonly Contract[];
  readonly version: string;
  readonly site: z.output<typeof Site>;
  /** Folder of the built web app. */
  readonly web: string;
  readonly publicUrl?: string | undefined;
  /** Where pages may fetch public segments from, beside here. */
  readonly cdnUrl?: string | undefined;
  /** Requests per minute; undefined when limits are off. */
  readonly limits: LimitSizes | undefined;
  readonly hotBytesMax: number;
  /** Names this process among those on one database; stable over restarts. */
  readonly instance: string;
  readonly failpoints?: Failpoints;
  /** Of sockets, where it is not the usual one. */
  readonly pace?: Partial<Pace>;
  /** Where there are replicas, it keeps the positions of commits in `reads`. */
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly reads?: ReadPositions | undefined;
  readonly ready: () => Promise<Record<string, string>>;
  /** What it does without right now, and why. */
  readonly degraded?: () => Record<string, string>;
}

/** The default sizes: requests a minute per caller and route group. */
export const defaultLimits: LimitSizes = {
  read: 300,
  write: 100,
  costly: 20,
  login: 20,
  upload: 300,
  part: 12_000,
  media: 12_000,
};

/** Puts every route on the public port. */
export async function gateway(server: HttpServer, parts: GatewayParts): Promise<void> {
  const { log, metrics, blob, cache, contracts, site, version, publicUrl, ready } = parts;
  const client = withBriefCache(parts.client);
  const viewers = new Viewers(client(auth));
  const admission = new Admission({
    viewers,
    limits: new RateLimits(cache, parts.limits),
    pseudonyms: new AddressPseudonyms((call) => client(auth).sourceSalt({}, call)),
  });
  const views = viewsOf(site);
  const answers = new HotAnswers(metrics.counter(...requestsMetric), parts.hotBytesMax);
  const uploads = new Uploads({ blob, upload: client(upload), media: client(media) });
  const appending = new Appending({ blob, upload: client(upload), media: client(media), life: lifeOf(parts.instance) });
  server.onClose(() => Promise.all([uploads.idle(), appending.idle()]).then(() => undefined));
  let document: object | undefined;
  const isAdmin = async (request: HttpRequest) => {
    const asked = { auth: "public", rate: "read", kind: "query" } as const;
    const { role } = await admission.identify(asked, request, 5_000);
    return role === "admin";
  };
  operations(server, {
    metrics,
    ready,
    ...(parts.degraded && { degraded: parts.degraded }),
    isAdmin,
    decoders: () =>
      client(transcoder)
        .capabilities({}, newCall({ waitMs: 2_000 }))
        .then(
          ({ version, faults, sandbox, allowed }) => ({ version, faults, sandbox, allowed }),
          () => undefined,
        ),
    openApi: () => (document ??= openApi(contracts, views, version)),
  });
  const objects = new OpenObjects(blob);
  server.onClose(() => objects.close());
  const bytes = {
    admission,
    client,
    blob,
    hot: new HotParts(parts.hotBytesMax),
    objects,
    chunks: new Chunks(),
    answers,
    log,
  };
  streams(server, bytes);
  driveBytes(server, bytes);
  messageBytes(server, bytes);
  tus(server, { admission, client, appending, fileBytesMax: site.uploadBytesMax });
  const addressOf = (request: HttpRequest) => publicUrl ?? `${request.protocol}://${request.host}`;
  liveSocket(server, { admission, client, log, addressOf, ...(parts.pace && { pace: parts.pace }) });
  const compatible = { admission, client, blob, uploads, bytes, addressOf };
  resumable(server, compatible);
  cloudFiles(server, compatible);
  douyin(server, { admission, client, blob, uploads, addressOf, fileBytesMax: site.uploadBytesMax });
  rest(server, contracts, {
    admission,
    client,
    views,
    reads: parts.reads,
    failpoints: parts.failpoints ?? noFailpoints,
    uploads,
    // Our own pages use paths: they are right under whatever name the visitor came.
    publicBase: (request) => (wantsCookies(request) ? "" : addressOf(request)),
    hooksOf: (method) => ({ ...sessionHooks(method, viewers), ...playbackHooks(method) }),
    degraded: (part, error, { traceId }) => log.warn("an answer went out with defaults", { part, traceId, err: error }),
  });
  const open = openWeb(server, {
    admission,
    client,
    views,
    site: site.name,
    addressOf,
    degraded: (part, error, { traceId }) => log.warn("a page went out without its head", { part, traceId, err: error }),
  });
  await pages(server, parts.web, { cdnUrl: parts.cdnUrl, headOf: (request) => open.head(request) });
  server.front((request, response) => answers.serve(request, response));
}
