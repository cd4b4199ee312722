import { readFile } from "node:fs/promises";
import type { Http2SecureServer } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type InjectOptions,
  type LightMyRequestResponse,
} from "fastify";
import { Connections, type Cut } from "../connections.ts";
import { BadRequest, TooSlow } from "../errors.ts";
import { createFront } from "./front.ts";
import {
  answerFailures,
  declaredOnly,
  failureOf,
  limitSpeed,
  type KnownPath,
  observe,
  refuseAddresses,
  refuseOtherMethods,
  takeBodies,
} from "./hooks.ts";
import { requestIdOf } from "../headers.ts";
import { limitSessions } from "../http2-sessions.ts";
import { createSocketEndpoint } from "./socket.ts";
import { type HttpLimits, http2Options, usualLimits } from "../limits.ts";
import type { HttpRequest, HttpRoute, HttpServer, HttpServerParts } from "../port.ts";
import { type RefusedRequest, refuseConnection, refuseRequest, type Written } from "../refusal.ts";
import { RequestBodies } from "../request-bodies.ts";

/** The port by Fastify, with what tests want of it. */
export interface FastifyServer extends HttpServer {
  /** `GET /api/v1/…` of every route, by whichever module made it. */
  readonly routes: ReadonlySet<string>;
  /** Asks without a socket, also from addresses this machine does not have; no front is passed. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
}

/** Opens nothing yet. Handlers are given Fastify's own objects, so the port costs a request nothing. */
export async function createFastifyServer(parts: HttpServerParts): Promise<FastifyServer> {
  const limits = { ...usualLimits, ...parts.connectionLimits };
  let connections: Connections | undefined;
  const app = await bare(parts, limits, (reason) => connections?.cut(reason));
  const { server } = app;
  connections = new Connections(server, { ...parts, port: "public", limits });
  if (parts.tls) limitSessions(server as unknown as Http2SecureServer, limits, connections); // As `bare` made it.
  observe(app, parts);
  refuseAddresses(app, parts);
  answerFailures(app, parts);
  takeBodies(app, new RequestBodies(limits, () => connections.cut("body")));
  limitSpeed(app, parts, limits, connections);
  const routes = declaredOnly(app);
  const { front, drain, close } = createFront(app, parts, limits, connections);
  const paths = new Map<string, KnownPath>();
  let isComplete = false;
  const complete = () => {
    if (isComplete) return;
    isComplete = true;
    refuseOtherMethods(app, paths);
  };
  const route = ({
    method,
    url,
    declared,
    service,
    takes,
    isForAll,
    refuses,
    sharesPath,
    handler,
  }: HttpRoute): void => {
    const verbs = [method].flat();
    const config = {
      declared,
      ...(service !== undefined && { service }),
      ...(takes && { takes }),
      ...(isForAll && { isForAll }),
      ...(refuses && { refuses }),
    };
    app.route<{ Params: HttpRequest["params"]; Querystring: HttpRequest["query"] }>({
      method: verbs,
      url,
      config,
      handler,
    });
    if (sharesPath) return;
    const { used = [], refuses: before } = paths.get(url) ?? {};
    const said = before ?? refuses;
    paths.set(url, { used: [...used, ...verbs], ...(said && { refuses: said }) });
  };
  return {
    routes,
    route,
    socket: createSocketEndpoint(app, route, limits),
    front,
    async files(root) {
      const { default: statics } = await import("@fastify/static");
      await app.register(statics, { root, serve: false, cacheControl: false, dotfiles: "deny", preCompressed: true });
      return (reply, path) => (reply as FastifyReply).sendFile(path); // Handlers here get Fastify's replies alone.
    },
    onClose: (work) => void app.addHook("onClose", work),
    async listen(at) {
      complete();
      await app.listen(at);
      return (app.server.address() as AddressInfo).port; // It listens on TCP.
    },
    drain,
    close,
    async inject(injected) {
      complete();
      return app.inject(injected);
    },
  };
}

const codeOf = (error: Error): unknown => ("code" in error ? error.code : undefined);

/** Node's own limits. Whole requests have none: a large upload takes hours, JSON bodies have their own limit. */
const timeouts = ({ headersMs, idleMs, checkMs }: HttpLimits) => ({
  headersTimeout: headersMs,
  requestTimeout: 0,
  keepAliveTimeout: idleMs,
  connectionsCheckingInterval: checkMs,
  requireHostHeader: false,
});

function noSchemas(): never {
  throw new TypeError("no route has a schema of Fastify: contracts describe what it takes and answers");
}
/** Fastify would load its compilers of JSON schemas, 130 modules that no route uses. */
const schemaController = { compilersFactory: { buildValidator: () => noSchemas, buildSerializer: () => noSchemas } };

async function bare(
  { trustedProxies, tls, failed }: HttpServerParts,
  limits: HttpLimits,
  cut: (reason: Cut) => void,
): Promise<FastifyInstance> {
  const patience = timeouts(limits);
  const common = {
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: requestIdOf,
    logger: false,
    routerOptions: { maxParamLength: 300 },
    http: patience,
    schemaController,
    forceCloseConnections: "idle" as const,
    /** An address that cannot be decoded: no route and no hook sees it. */
    frameworkErrors(error: Error, request: RefusedRequest, { raw }: { readonly raw: Written }) {
      refuseRequest(request, raw, failureOf(error), failed);
    },
    /** Bytes that are no HTTP at all, or headers that do not come. */
    clientErrorHandler(error: Error, socket: Socket) {
      const code = codeOf(error);
      const isLate = code === "ERR_HTTP_REQUEST_TIMEOUT";
      if (isLate) cut("headers");
      if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") cut("handshake");
      if (!socket.writable || code === "ECONNRESET" || code === "ERR_TLS_HANDSHAKE_TIMEOUT") socket.destroy();
      else refuseConnection(socket, (isLate ? TooSlow : BadRequest)({}, error), failed, limits.lingerMs);
    },
  };
  if (!tls) return fastify(common);
  const [cert, key] = await Promise.all([readFile(tls.cert), readFile(tls.key)]);
  // Both protocols on one port: `allowHTTP1` keeps clients without HTTP/2. Routes are the same, whatever the transport.
  return fastify({
    ...common,
    http2: true,
    https: {
      allowHTTP1: true,
      cert,
      key,
      handshakeTimeout: limits.headersMs,
      settings: { maxConcurrentStreams: limits.streamsMax },
      ...http2Options(limits),
      ...patience,
    },
  }) as unknown as FastifyInstance;
}
