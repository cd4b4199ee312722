import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, request, type RequestOptions } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import type { Log } from "../log/port.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import type { Metrics } from "../telemetry/port.ts";
import { createFastifyServer } from "./fastify/fastify.ts";
import type { HttpReply, HttpRequest, HttpRoute, HttpServer, HttpServerParts } from "./port.ts";
import { selfSigned } from "./self-signed.ts";

type Open = (parts: HttpServerParts) => Promise<HttpServer>;

/** Every adapter there is. */
export const adapters: readonly (readonly [name: string, open: Open])[] = [["Fastify", createFastifyServer]];

/** An answer as a client sees it. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed text, where it is JSON. */
  readonly body: unknown;
}
export interface TestRequest extends Pick<RequestOptions, "method" | "headers" | "agent"> {
  readonly body?: string | Buffer;
}

/** A server that listens on loopback, and everything it wrote and counted. */
export class Listening implements AsyncDisposable {
  readonly server: HttpServer;
  readonly port: number;
  readonly metrics: Metrics;
  /** Every line of its log, as JSON would have it. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];

  private constructor(server: HttpServer, port: number, metrics: Metrics, lines: Listening["lines"]) {
    this.server = server;
    this.port = port;
    this.metrics = metrics;
    this.lines = lines;
  }

  static async on(
    open: Open,
    routes: readonly HttpRoute[],
    {
      before = () => undefined,
      ...parts
    }: Partial<HttpServerParts> & { before?: (server: HttpServer) => unknown } = {},
  ): Promise<Listening> {
    const lines: Record<string, unknown>[] = [];
    const metrics = createPrometheusMetrics();
    const failed: HttpServerParts["failed"] = ({ http, code, message }, traceId) => ({ http, code, message, traceId });
    const server = await open({ log: logTo(lines), metrics, trustedProxies: [], failed, ...parts });
    for (const route of routes) server.route(route);
    await before(server);
    return new Listening(server, await server.listen({ port: 0, host: "127.0.0.1" }), metrics, lines);
  }

  /** Asks over a connection of its own, unless an agent keeps one. */
  ask(path: string, { body, agent = false, ...options }: TestRequest = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ port: this.port, host: "127.0.0.1", path, agent, ...options }, (answer) => {
        textOf(answer).then((text) => {
          const isJson = answer.headers["content-type"]?.startsWith("application/json") && text !== "";
          const body: unknown = isJson ? JSON.parse(text) : undefined;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body });
        }, reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  json(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return this.ask(path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  }

  /** Everything the server says to these bytes until it ends the connection. */
  async exchange(bytes: string): Promise<string> {
    const socket = await this.connect();
    socket.write(bytes);
    return textOf(socket);
  }

  /** @param localAddress another loopback address than 127.0.0.1 */
  async connect(localAddress = "127.0.0.1"): Promise<Socket> {
    const socket = connect({ port: this.port, host: "127.0.0.1", localAddress });
    await once(socket, "connect");
    return socket.on("error", () => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close(100);
  }
}

/** A certificate of `localhost` in files, until they are disposed of. */
export async function tlsFiles(): Promise<{ tls: { cert: string; key: string }; ca: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-tls-"));
  const tls = { cert: join(folder, "c.pem"), key: join(folder, "k.pem") };
  const { cert: ca, key } = selfSigned();
  await writeFile(tls.cert, ca);
  await writeFile(tls.key, key);
  return { tls, ca, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A connection that is kept, as a browser's is. */
export const keeping = (): Agent & Disposable => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() });
};

function logTo(lines: Record<string, unknown>[], own: object = {}): Log {
  const level =
    (name: string) =>
    (msg: string, fields: object = {}) =>
      void lines.push({ level: name, msg, ...own, ...fields });
  return {
    error: level("error"),
    warn: level("warn"),
    info: level("info"),
    debug: level("debug"),
    with: (fields) => logTo(lines, { ...own, ...fields }),
  };
}

export const route = (
  method: HttpRoute["method"],
  url: string,
  handler: (request: HttpRequest, reply: HttpReply) => Promise<unknown>,
): HttpRoute => ({ method, url, declared: "test.route", handler });
export const ok = async () => "ok";
export const echo = route("POST", "/echo", async (request) => ({ body: await request.json() }));

export const traceOf = ({ body }: Answered): unknown => (body as { traceId?: unknown }).traceId; // Every answer with one is an object.

export function assertProtected({ headers }: Pick<Answered, "headers">, what = ""): void {
  assert.match(String(headers["x-request-id"]), /^[\w.:-]{1,128}$/, what);
  assert.equal(headers["x-content-type-options"], "nosniff", what);
  assert.equal(headers["cache-control"], "private, no-store", what);
  assert.equal(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'", what);
  assert.equal(headers["referrer-policy"], "strict-origin-when-cross-origin", what);
  assert.equal(headers["cross-origin-opener-policy"], "same-origin", what);
}

/** Yields the headers. */
export function assertFailed(answer: Answered, status: number, code: string, what = ""): Answered["headers"] {
  assertProtected(answer, what);
  const { message, traceId, ...content } = answer.body as Record<string, unknown>; // Else the next line fails.
  assert.deepEqual([answer.status, content], [status, { http: status, code }], what);
  assert.ok(typeof message === "string", what);
  assert.match(String(traceId), /^[0-9a-f]{32}$/, what);
  return answer.headers;
}

/** The first answer in what came over a connection. */
export function parsed(bytes: string): Answered {
  const end = bytes.indexOf("\r\n\r\n");
  const [line = "", ...fields] = bytes.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    fields.map((field) => [field.split(": ", 1)[0]?.toLowerCase(), field.replace(/^[^:]*: /, "")]),
  );
  const length = headers["content-length"];
  const content = length === undefined ? bytes.slice(end + 4) : bytes.slice(end + 4, end + 4 + Number(length));
  const isJson = headers["content-type"]?.startsWith("application/json");
  const status = Number(line.match(/^HTTP\/1\.1 (\d{3}) /)?.[1]);
  return { status, headers, text: content, body: isJson ? JSON.parse(content) : undefined };
}
