import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import type { Log } from "#kernel";
import type { Metrics } from "#kernel/telemetry/port";
import { newTraceId } from "#kernel/trace";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { BadRequest, failed, fromEdge, NoRoute, retryAfterSeconds, WrongMethod, WrongType } from "./envelope.ts";
import { parseJson } from "./json.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** W3C trace id of this request. */
    traceId: string;
  }
  interface FastifyContextConfig {
    /** Which declaration this route comes from; a route without one does not start (security S1.1). */
    declared?: string;
    service?: string;
    /** It also takes a multipart form; every other route refuses one (security S1.7). */
    takesForm?: boolean;
  }
}

export interface ServerOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Addresses or ranges whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly tls?: { readonly cert: string; readonly key: string };
}

export const requestsMetric = ["http_requests_total", "HTTP requests", ["service", "method", "status"]] as const;

const bodyBytesMax = 2 ** 20;
const saneId = /^[\w.:-]{1,128}$/;

/** The public port before any route is on it: limits, request ids, security headers, one shape of error, request log. */
export async function publicServer({ log, metrics, trustedProxies, tls }: ServerOptions): Promise<FastifyInstance> {
  const common = {
    bodyLimit: bodyBytesMax,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: (request: { headers: Record<string, unknown> }) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && saneId.test(given) ? given : newTraceId().slice(16);
    },
    logger: false,
    routerOptions: { maxParamLength: 300 },
    // A slow sender of headers is cut (security S8.7); bodies have no such limit, a large upload takes hours.
    http: { headersTimeout: 10_000, requestTimeout: 0, keepAliveTimeout: 65_000, requireHostHeader: false },
    forceCloseConnections: "idle" as const,
    return503OnClosing: true,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseNonsense,
  };
  const app: FastifyInstance = tls
    ? // Both protocols on one port: `allowHTTP1` keeps clients without HTTP/2. Routes are the same, whatever the transport.
      (fastify({
        ...common,
        http2: true,
        https: { allowHTTP1: true, cert: await readFile(tls.cert), key: await readFile(tls.key) },
      }) as unknown as FastifyInstance)
    : fastify(common);
  app.decorateRequest("traceId", "");
  const requests = metrics.counter(...requestsMetric);
  const durations = metrics.histogram(
    "http_request_duration_seconds",
    "time to answer a request",
    ["service"],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_, body, done) => {
    try {
      done(null, parseJson(String(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Error("not JSON"));
    }
  });
  // Forms are streamed by the door that takes them.
  app.addContentTypeParser("multipart/form-data", ({ routeOptions }, _, done) =>
    done(routeOptions.config.takesForm ? null : WrongType({})),
  );
  app.addHook("onRequest", (request, reply, done) => {
    request.traceId = traceIdOf(request);
    reply.header("x-request-id", request.id);
    reply.headers(commonHeaders);
    // RFC 9112 §3.2. Node's own refusal would be an empty answer.
    if (request.headers.host === undefined && request.raw.httpVersion === "1.1") done(BadRequest({}));
    else done(request.headers["content-encoding"] === undefined ? undefined : WrongType({}));
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { declared = "none", service = "gateway" } = request.routeOptions.config;
    requests.add(1, { service, method: request.method, status: String(reply.statusCode) });
    durations.observe(reply.elapsedTime / 1_000, { service });
    log.info("request", {
      requestId: request.id,
      traceId: request.traceId,
      method: request.method,
      path: shownPath(request),
      route: declared,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const known = fromEdge(error);
    if (known.kind === "internal")
      log.error("request failed", { traceId: request.traceId, requestId: request.id, err: known.cause ?? known });
    const wait = retryAfterSeconds(known);
    if (wait !== undefined) reply.header("retry-after", wait);
    return reply
      .code(known.http)
      .type("application/json")
      .send(failed(request.traceId, known, problemsOf(known)));
  });
  app.setNotFoundHandler(notFound);
  app.addHook("onRoute", (route) => {
    if (route.config?.declared === undefined)
      throw new Error(`${String(route.method)} ${route.url} is not declared in any contract or route table`);
  });
  return app;
}

/** Answers 405 for the other methods of every path, and 404 for the other paths under `/api/`; call it when all routes are there. */
export function closeRoutes(app: FastifyInstance, routes: ReadonlyMap<string, readonly string[]>): void {
  for (const [url, used] of routes) {
    const others = ["GET", "POST", "PUT", "DELETE", "PATCH"].filter((verb) => !used.includes(verb));
    app.route({
      method: others,
      url,
      config: { declared: "gateway.wrongMethod" },
      handler: (_, reply) => {
        reply.header("allow", used.join(", "));
        throw WrongMethod({});
      },
    });
  }
}

export const notFound = () => {
  throw NoRoute({});
};

/** What both transports' responses can do. */
interface Written {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(text: string): unknown;
}

/** An address that cannot be decoded: no route and no hook sees it. */
function refuseAddress(error: Error, { id }: { readonly id: string }, { raw }: { readonly raw: Written }): void {
  const known = fromEdge(error);
  const body = JSON.stringify(failed(newTraceId(), known));
  const about = {
    "x-request-id": id,
    "content-type": "application/json",
    "content-length": `${Buffer.byteLength(body)}`,
  };
  raw.writeHead(known.http, { ...commonHeaders, ...about });
  raw.end(body);
}

/** What is not HTTP at all gets the one shape too, written by hand: there is no request to answer. */
function refuseNonsense(error: Error, socket: Socket): void {
  if (!socket.writable || ("code" in error && error.code === "ECONNRESET")) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(failed(newTraceId(), BadRequest({}, error)));
  const headers = {
    ...commonHeaders,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join("")}\r\n${body}`);
}

/** The route's pattern with the ids of this request: whatever else a stranger writes into an address may be a secret (security S8.3). */
function shownPath({ routeOptions: { url = "" }, params }: FastifyRequest): string {
  const parts = partsOf(url);
  if (parts.length === 1) return url;
  const given = (params ?? {}) as Readonly<Record<string, string>>; // Fastify's own: names of the route's pattern.
  let shown = "";
  for (const [n, part] of parts.entries()) {
    const value = n % 2 === 0 ? part : (given[part] ?? "");
    shown += n % 2 === 0 || isId.test(value) ? value : `:${part}`;
  }
  return shown;
}
const isId = /^\d{1,16}$/;

/** A pattern's literal parts and, between them, the names of its parameters; each pattern is taken apart once. */
function partsOf(pattern: string): readonly string[] {
  const known = takenApart.get(pattern) ?? pattern.split(/:(\w+)/);
  takenApart.set(pattern, known);
  return known;
}
const takenApart = new Map<string, readonly string[]>();

const problemsOf = (error: { details: object }) => {
  const { fields } = error.details as { fields?: { field: string; message: string }[] };
  return Array.isArray(fields) ? fields : undefined;
};

function traceIdOf(request: FastifyRequest): string {
  const given = request.headers["traceparent"];
  if (given === undefined) return newTraceId();
  const [, trace] = (typeof given === "string" && given.match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/)) || [];
  return trace ?? newTraceId();
}

/** On every answer; pages replace the policy by their own. API answers are private unless a route says otherwise. */
const commonHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "private, no-store",
};
