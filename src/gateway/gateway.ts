import type { AddressInfo } from "node:net";
import type { BlobStore, Cache, Client, Contract, Log } from "#kernel";
import { type Failpoints, noFailpoints } from "#kernel/failpoint";
import type { Metrics } from "#kernel/telemetry/port";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { wantsCookies } from "./cookie.ts";
import { type Door, identified } from "./door.ts";
import { HotParts } from "./hot.ts";
import { HotAnswers } from "./hot-answers.ts";
import { Limits, type Sizes } from "./limits.ts";
import { openApi } from "./openapi.ts";
import { operationRoutes, operations } from "./operations.ts";
import { pages } from "./pages.ts";
import { rest } from "./rest.ts";
import { closeRoutes, publicServer, requestsMetric, type ServerOptions } from "./server.ts";
import { Sources } from "./sources.ts";
import { dropSession, keepSession, withCookieToken } from "./session.ts";
import { streamRoutes, streams } from "./streams.ts";
import { Uploads } from "./uploads.ts";
import { Viewers } from "./viewer.ts";
import { type Site, viewsOf } from "./views.ts";
import type { z } from "zod";

export interface GatewayParts extends ServerOptions {
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
  /** Requests per minute; undefined when limits are off. */
  readonly limits: Sizes | undefined;
  readonly hotBytesMax: number;
  readonly failpoints?: Failpoints;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly ready: () => Promise<Record<string, string>>;
}

/** The default sizes: requests a minute per caller and route group. */
export const defaultLimits: Sizes = { read: 300, write: 100, costly: 20, login: 20, upload: 300, media: 12_000 };

/** The public port with every route on it. */
export async function gateway(parts: GatewayParts): Promise<FastifyInstance> {
  const { log, metrics, blob, cache, contracts, client, site, version, publicUrl, ready } = parts;
  const app = await publicServer(parts);
  const viewers = new Viewers(client(auth));
  const limits = new Limits(cache, parts.limits);
  const door: Door = {
    viewer: (token, call) => viewers.of(token, call),
    admit: (rate, group, who) => limits.admit(rate, group, who),
    sources: new Sources(),
  };
  const views = viewsOf(site);
  const answers = new HotAnswers(metrics.counter(...requestsMetric), parts.hotBytesMax);
  const uploads = new Uploads(blob, client(upload), client(media));
  app.addHook("onClose", () => uploads.idle());
  let document: object | undefined;
  const isAdmin = async (request: FastifyRequest) => {
    const asked = { auth: "public", rate: "read", kind: "query" } as const;
    const { role } = await identified(door, asked, request, 5_000);
    return role === "admin";
  };
  await app.register(async (routes) => {
    operations(routes, {
      metrics,
      ready,
      isAdmin,
      openApi: () => (document ??= openApi(contracts, views, version)),
    });
    streams(routes, { ...door, client, blob, hot: new HotParts(parts.hotBytesMax), answers, log });
    rest(routes, contracts, {
      ...door,
      client,
      views,
      failpoints: parts.failpoints ?? noFailpoints,
      uploads,
      // Our own pages use paths: they are right under whatever name the visitor came.
      publicBase: (request) => (wantsCookies(request) ? "" : (publicUrl ?? `${request.protocol}://${request.host}`)),
      before: withCookieToken,
      after: keepSession(viewers),
      failed: dropSession,
      degraded: (part, error, { traceId }) =>
        log.warn("an answer went out with defaults", { part, traceId, err: error }),
    });
    closeRoutes(routes, verbsByPath(contracts));
  });
  await pages(app, parts.web);
  answers.front(app.server);
  return app;
}

function verbsByPath(contracts: readonly Contract[]): Map<string, string[]> {
  const taken = new Map<string, string[]>();
  const note = (path: string, verb: string) => taken.set(path, [...(taken.get(path) ?? []), verb]);
  for (const { methods } of contracts)
    for (const { http } of Object.values(methods)) {
      const [verb, path] = http?.split(" ") ?? [];
      if (verb && path) note(path, verb);
    }
  for (const { path } of [...streamRoutes, ...operationRoutes]) note(path, "GET");
  return taken;
}

/** The port a started server listens on. */
export const portOf = (app: FastifyInstance): number => (app.server.address() as AddressInfo).port; // It listens on TCP.
