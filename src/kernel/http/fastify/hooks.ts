import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AddressRules } from "../../clients/address-rules.ts";
import { asKinoraError, type KinoraError } from "../../errors.ts";
import type { Connections } from "../connections.ts";
import {
  AddressDenied,
  BadRequest,
  NoRoute,
  retryAfterSeconds,
  TooLarge,
  TooSlow,
  WrongMethod,
  WrongType,
} from "../errors.ts";
import { challengeOf, commonHeaders, isAmbiguous, traceIdOf } from "../headers.ts";
import type { HttpLimits } from "../limits.ts";
import { type HttpMethod, type HttpReply, type HttpRoute, type HttpServerParts, requestsMetric } from "../port.ts";
import { loggedPath } from "../logged-path.ts";
import { transportOf } from "../refusal.ts";
import { announcesBody, isJson, type RequestBodies } from "../request-bodies.ts";
import { UploadSpeed } from "../upload-speed.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** As the port has them: what Fastify's requests lack. */
    traceId: string;
    json(bytesMax?: number): Promise<unknown>;
    text(bytesMax?: number): Promise<string>;
  }
  interface FastifyContextConfig {
    declared?: string;
    service?: string;
    takes?: "form" | "any";
    isForAll?: boolean;
    refuses?: HttpRoute["refuses"];
  }
}

/**
 * Leaves every body unread: `json` and `text` read it when the handler asks for it, after it has decided who calls. A body of another
 * type than the route takes is refused at once (security S1.7).
 */
export function takeBodies(app: FastifyInstance, bodies: RequestBodies): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_, __, done) => done(null));
  app.decorateRequest("json", function (this: FastifyRequest, bytesMax?: number) {
    return bodies.json(this.raw, bytesMax);
  });
  app.decorateRequest("text", function (this: FastifyRequest, bytesMax?: number) {
    return bodies.text(this.raw, bytesMax);
  });
  app.addHook("onRequest", ({ method, headers, routeOptions }, _, done) => {
    const { "content-type": type, "content-length": length = "0", "transfer-encoding": encoding } = headers;
    const { takes } = routeOptions.config;
    const hasBody = encoding !== undefined || length !== "0";
    const isTaken =
      method === "GET" ||
      method === "HEAD" ||
      takes === "any" ||
      (type === undefined && !hasBody) ||
      isJson(type ?? "") ||
      (takes === "form" && /^multipart\/form-data *(?:;|$)/i.test(type ?? ""));
    done(isTaken ? undefined : WrongType({}));
  });
}

/** Answers uploads with 408 whose speed is below the floor. */
export function limitSpeed(
  app: FastifyInstance,
  { failed }: HttpServerParts,
  limits: HttpLimits,
  connections: Connections,
): void {
  const speed = new UploadSpeed(limits);
  connections.onCheck((nowMs) => speed.check(nowMs));
  app.addHook("onRequest", (request, reply, done) => {
    if (announcesBody(request.raw)) {
      speed.watch(request.raw, () => {
        connections.cut("upload");
        refuseSlow(request, reply, failed);
      });
      reply.raw.once("close", () => speed.forget(request.raw));
    }
    done();
  });
}

/** The handler waits for bytes: it cannot answer, and ends when the connection does. */
function refuseSlow(request: FastifyRequest, reply: HttpReply, failed: HttpServerParts["failed"]): void {
  if (reply.raw.headersSent) {
    transportOf(request.raw).destroy();
    return;
  }
  const failure = TooSlow({});
  const ownAnswer = request.routeOptions.config.refuses?.(failure);
  const body = JSON.stringify(ownAnswer?.body ?? failed(failure, request.traceId));
  reply.type("application/json").header("content-length", Buffer.byteLength(body));
  if (request.raw.httpVersionMajor === 1) reply.header("connection", "close");
  reply.hijack().raw.writeHead(ownAnswer?.status ?? failure.http, reply.getHeaders());
  reply.raw.end(body);
}

/** Names each request, counts it, and writes its line. */
export function observe(app: FastifyInstance, { log, metrics }: HttpServerParts): void {
  const requests = metrics.counter(...requestsMetric);
  const durations = metrics.histogram(
    "http_request_duration_seconds",
    "time to answer a request",
    ["service"],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  app.decorateRequest("traceId", "");
  app.addHook("onRequest", (request, reply, done) => {
    request.traceId = traceIdOf(request);
    reply.header("x-request-id", request.id);
    reply.headers(commonHeaders);
    // Node's own refusal would be an empty answer.
    if (isAmbiguous(request.raw)) {
      reply.header("connection", "close");
      done(BadRequest({}));
    } else done(request.headers["content-encoding"] === undefined ? undefined : WrongType({}));
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { config, url = "" } = request.routeOptions;
    const { declared = "none", service = "gateway" } = config;
    requests.add(1, { service, method: request.method, status: String(reply.statusCode) });
    durations.observe(reply.elapsedTime / 1_000, { service });
    log.info("request", {
      requestId: request.id,
      traceId: request.traceId,
      method: request.method,
      path: loggedPath(url, (request.params ?? {}) as Readonly<Record<string, string>>), // By the names of the pattern.
      route: declared,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
}

/** Refuses clients whose addresses the rules do not admit, also with paths and methods that nothing answers. */
export function refuseAddresses(app: FastifyInstance, { addressRules }: HttpServerParts): void {
  if (!addressRules || addressRules.isOpen) return;
  app.addHook("onRequest", ({ raw, routeOptions }, _, done) => {
    const isRefused = !routeOptions.config.isForAll && !isAdmitted(raw, addressRules);
    done(isRefused ? AddressDenied({}) : undefined);
  });
}

/** True if the rules admit the client of a request, by the headers of trusted proxies. */
export function isAdmitted({ socket, headers }: IncomingMessage, rules: AddressRules): boolean {
  const forwardedFor = headers["x-forwarded-for"];
  return rules.admits(socket.remoteAddress ?? "", [forwardedFor ?? []].flat().join());
}

/** Everything that goes wrong becomes an answer of the one shape. */
export function answerFailures(app: FastifyInstance, { log, failed }: HttpServerParts): void {
  app.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error);
    if (failure.kind === "internal")
      log.error("request failed", { traceId: request.traceId, requestId: request.id, err: failure.cause ?? failure });
    const wait = retryAfterSeconds(failure);
    if (wait !== undefined) reply.header("retry-after", wait);
    const ownAnswer = request.routeOptions.config.refuses?.(failure);
    if ((ownAnswer?.status ?? failure.http) === 401)
      reply.header("www-authenticate", challengeOf(failure, request.headers.authorization !== undefined));
    return reply
      .code(ownAnswer?.status ?? failure.http)
      .type("application/json")
      .send(ownAnswer?.body ?? failed(failure, request.traceId));
  });
  app.setNotFoundHandler(() => {
    throw NoRoute({});
  });
  // A body without a route to read it is not parsed.
  app.addHook("onRequest", ({ is404 }, _, done) => done(is404 ? NoRoute({}) : undefined));
}

/** Fastify's own failures (a body too large, bad JSON …) and ours, as one kind of error. */
export function failureOf(error: unknown): KinoraError {
  if (!(error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"))
    return asKinoraError(error);
  if (error.statusCode === 413) return TooLarge({}, error);
  if (error.statusCode === 415) return WrongType({}, error);
  if (error.statusCode >= 400 && error.statusCode < 500) return BadRequest({}, error);
  return asKinoraError(error);
}

/** Refuses routes without a declaration, by whichever module made them, and yields all the others as they come. */
export function declaredOnly(app: FastifyInstance): ReadonlySet<string> {
  const routes = new Set<string>();
  app.addHook("onRoute", ({ method, url, config }) => {
    const verbs = [method].flat();
    if (config?.declared === undefined)
      throw new Error(`${verbs.join()} ${url} is not declared in any contract or route table`);
    for (const verb of verbs) routes.add(`${verb} ${url}`);
  });
  return routes;
}

/** A path, what it takes, and how it says what went wrong. */
export interface KnownPath extends Pick<HttpRoute, "refuses"> {
  readonly used: readonly HttpMethod[];
}

/** Answers 405 for the methods that a path does not take; call it when all routes are there. */
export function refuseOtherMethods(app: FastifyInstance, paths: ReadonlyMap<string, KnownPath>): void {
  for (const [url, { used: ownMethods, refuses }] of paths) {
    if (url.endsWith("*")) continue;
    // The caller is also reached by the path of any user, whose methods a path of `me` alone must not hide.
    const used = [...new Set([...ownMethods, ...(paths.get(url.replace("/me/", "/:id/"))?.used ?? [])])];
    const allow = used.filter((verb) => usual.includes(verb));
    const refuse = (_: object, reply: FastifyReply) => {
      reply.header("allow", allow.join(", "));
      throw WrongMethod({});
    };
    app.route({
      method: usual.filter((verb) => !used.includes(verb)),
      url,
      config: { declared: "gateway.wrongMethod", takes: "any", ...(refuses && { refuses }) },
      onRequest: async (request, reply) => refuse(request, reply),
      handler: refuse,
    });
  }
}
const usual: readonly HttpMethod[] = ["GET", "POST", "PUT", "DELETE", "PATCH"];
