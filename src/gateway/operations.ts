import type { Metrics } from "#kernel/telemetry/port";
import { AdminsOnly } from "#kernel/errors";
import type { HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";

export interface OperationsParts {
  readonly metrics: Metrics;
  /** Why services cannot work right now; empty when ready. */
  readonly ready: () => Promise<Record<string, string>>;
  /** What it does without right now, and why; it is ready all the same. */
  readonly degraded?: () => Record<string, string>;
  readonly openApi: () => object;
  /** How decoders are held, which only administrators are told; undefined where that cannot be asked. */
  readonly decoders?: () => Promise<object | undefined>;
  /** Whether this request carries an administrator's token. */
  readonly isAdmin: (request: HttpRequest) => Promise<boolean>;
}

export const operationRoutes = [
  { path: "/ping", summary: "Answers as soon as the port is open." },
  { path: "/health", summary: "Whether the process lives; to administrators also how decoders are held." },
  {
    path: "/ready",
    summary: "Whether everything it depends on is there; 503 names what is not, 200 what it does without.",
  },
  { path: "/metrics", summary: "Prometheus text, for direct loopback peers and administrators." },
  { path: "/openapi.json", summary: "This document." },
] as const;

const forwarding = /^(?:x-)?forwarded|^via$|^x-real-ip$|^x-original-|(?:client|connecting)-ip$/;

/** Whether the peer itself is on this machine: a request that was forwarded never is (security S8.4). */
export const isDirectLoopback = (request: HttpRequest): boolean =>
  /^(?:::ffff:)?127\.|^::1$/.test(request.raw.socket.remoteAddress ?? "") &&
  !Object.keys(request.headers).some((header) => forwarding.test(header));

const shows = ({ headers }: HttpRequest): boolean =>
  headers["authorization"] !== undefined || headers["cookie"] !== undefined;

/** What operators ask of a process; no token, save for metrics. */
export function operations(server: HttpServer, parts: OperationsParts): void {
  const { metrics, ready, degraded = () => ({}), openApi, isAdmin, decoders } = parts;
  const get = (url: string, name: string, handler: HttpRoute["handler"]) =>
    server.route({ method: "GET", url, declared: `gateway.${name}`, handler });
  get("/ping", "ping", async () => ({ message: "pong" }));
  get("/health", "health", async (request) => {
    // Whoever shows nothing is not an administrator: asking costs those who watch this nothing.
    const isShown = decoders && shows(request) && (await isAdmin(request).catch(() => false));
    const held = isShown ? await decoders() : undefined;
    return { status: "ok", ...(held && { decoders: held }) };
  });
  get("/ready", "ready", async (_, reply) => {
    const missing = await ready();
    const without = degraded();
    const isReady = Object.keys(missing).length === 0;
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? "ready" : "not ready",
      ...(!isReady && { missing }),
      ...(Object.keys(without).length > 0 && { degraded: without }),
    });
  });
  get("/metrics", "metrics", async (request, reply) => {
    if (!isDirectLoopback(request) && !(await isAdmin(request))) throw AdminsOnly({});
    const { type, body } = await metrics.text();
    return reply.type(type).send(body);
  });
  get("/openapi.json", "openapi", async () => openApi());
}
