import type { Metrics } from "#kernel/telemetry/port";
import { AdminsOnly } from "#kernel/errors";
import type { HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import { MetricsAccess } from "./metrics-access.ts";

export interface OperationsParts {
  readonly metrics: Metrics;
  /** Readers of metrics beside administrators; peers on this machine when left out. */
  readonly metricsAccess?: MetricsAccess | undefined;
  /** Why services cannot work right now; empty when ready. */
  readonly ready: () => Promise<Record<string, string>>;
  /** Optional dependencies that are unavailable now, and why; the process is ready all the same. */
  readonly degradations?: () => Promise<Record<string, string>>;
  readonly openApi: () => object | Promise<object>;
  /** The sandbox of decoders, for administrators only; undefined where the transcoder cannot be asked. */
  readonly decoders?: () => Promise<object | undefined>;
  /** True if this request carries an administrator's token. */
  readonly isAdmin: (request: HttpRequest) => Promise<boolean>;
}

export const operationRoutes = [
  { path: "/ping", summary: "Answers as soon as the port is open." },
  { path: "/health", summary: "Whether the process lives; to administrators also how decoders are held." },
  {
    path: "/ready",
    summary:
      "Whether the process can do its own work, within 2 s; 503 names what is missing, 200 what it does without.",
  },
  {
    path: "/metrics",
    summary:
      "Prometheus text, for direct peers on this machine or of configured networks, a configured token and administrators.",
  },
  { path: "/openapi.json", summary: "This document." },
] as const;

const hasCredentials = ({ headers }: HttpRequest): boolean =>
  headers["authorization"] !== undefined || headers["cookie"] !== undefined;

/** Health, readiness and metrics of a process; without a token, except for metrics. */
export function operations(server: HttpServer, parts: OperationsParts): void {
  const { metricsAccess = new MetricsAccess({ networks: [], token: undefined }) } = parts;
  const { metrics, ready, degradations = async () => ({}), openApi, isAdmin, decoders } = parts;
  const get = (url: string, name: string, handler: HttpRoute["handler"]) =>
    server.route({ method: "GET", url, declared: `gateway.${name}`, handler, isForAll: url !== "/openapi.json" });
  get("/ping", "ping", async () => ({ message: "pong" }));
  get("/health", "health", async (request) => {
    // A request without credentials is no administrator's: health checks cost no look-up of a session.
    const isVisible = decoders && hasCredentials(request) && (await isAdmin(request).catch(() => false));
    const sandbox = isVisible ? await decoders() : undefined;
    return { status: "ok", ...(sandbox && { decoders: sandbox }) };
  });
  get("/ready", "ready", async (_, reply) => {
    const [missing, without] = await Promise.all([ready(), degradations()]);
    const isReady = Object.keys(missing).length === 0;
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? "ready" : "not ready",
      ...(!isReady && { missing }),
      ...(Object.keys(without).length > 0 && { degraded: without }),
    });
  });
  get("/metrics", "metrics", async (request, reply) => {
    if (!(await metricsAccess.admits(request)) && !(await isAdmin(request))) throw AdminsOnly({});
    const { type, body } = await metrics.text();
    return reply.type(type).send(body);
  });
  // One buffer for all who ask at the same time: the document is large.
  let document: Buffer | undefined;
  get("/openapi.json", "openapi", async (_, reply) => {
    document ??= Buffer.from(JSON.stringify(await openApi()));
    return reply.type("application/json; charset=utf-8").send(document);
  });
}
