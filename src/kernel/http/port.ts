import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { KinoraError } from "../errors.ts";
import type { Log } from "../log/port.ts";
import type { AddressRules } from "../clients/address-rules.ts";
import type { HttpLimits } from "./limits.ts";
import type { Metrics } from "../telemetry/port.ts";

/** A request that reached its route. */
export interface HttpRequest {
  /** Returned as `X-Request-Id`: the client's own where it is sane, else a new one. */
  readonly id: string;
  /** W3C trace id: the client's own where it sent a `traceparent`, else a new one. */
  readonly traceId: string;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Decoded, by the names in the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  /** Decoded; a name that came several times has a list. */
  readonly query: Readonly<Record<string, string | string[]>>;
  /**
   * Reads the body as JSON: bounded in size, time, depth and keys (security S1.6, S8.7), 1 MiB by default. Undefined without
   * a body. It is read once, and by nobody before: a handler first decides who calls.
   */
  json(bytesMax?: number): Promise<unknown>;
  /** Reads the body as UTF-8, whatever its type: bounded in size and time as JSON is. Empty without a body. */
  text(bytesMax?: number): Promise<string>;
  /** The client's address, its protocol and its host name. Only a trusted proxy is believed about any of them. */
  readonly ip: string;
  readonly protocol: "http" | "https";
  readonly host: string;
  /** Node's own request: the bytes of a form, the peer of the connection and its end. */
  readonly raw: IncomingMessage;
}

/** The answer to a request. Methods that change it return it again. */
export interface HttpReply {
  code(status: number): HttpReply;
  type(mime: string): HttpReply;
  /** A list makes one header per value. */
  header(name: string, value: string | number | readonly string[]): HttpReply;
  headers(values: Readonly<Record<string, string | number>>): HttpReply;
  /** The headers said so far, with lower-case names. */
  getHeaders(): Readonly<Record<string, string | number | string[] | undefined>>;
  /** Text and bytes go out as they are, other objects as JSON. */
  send(body?: unknown): HttpReply;
  /** From here on the handler answers by itself, through `raw`: the head too. */
  hijack(): HttpReply;
  /** Node's own response. */
  readonly raw: ServerResponse;
}

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS";

export interface HttpRoute {
  /** `HEAD` is answered wherever `GET` is; who names it too answers it itself. */
  readonly method: HttpMethod | readonly HttpMethod[];
  /** A path with `:name` where a parameter stands; `*` at its end is any rest, and gives way to every other route. */
  readonly url: string;
  /** The declaration this route comes from: a route without one does not start (security S1.1). */
  readonly declared: string;
  /** The service whose requests are counted here; the gateway by default. */
  readonly service?: string;
  /**
   * The bodies it takes beside JSON, unread and unbounded: a multipart `form`, or `any` body whatever its type says.
   * Every other route refuses both (security S1.7).
   */
  readonly takes?: "form" | "any";
  /** It answers clients of every address, also those that the rules refuse. */
  readonly isForAll?: boolean;
  /** Says what went wrong in the words of another API, and under its status; everybody's where it is absent. */
  readonly refuses?: (error: KinoraError) => Refusal;
  /** Other methods of its path belong to another route, so that they are not refused with 405. */
  readonly sharesPath?: boolean;
  /** Returns the body to send, or the reply it has sent. An error that it throws becomes an answer. */
  readonly handler: (request: HttpRequest, reply: HttpReply) => Promise<unknown>;
}

/**
 * A connection that was upgraded (RFC 6455). Only text of a bounded size may come; all else ends it, by the protocol's
 * own codes.
 */
export interface HttpSocket {
  /** Sends text; bytes that the client does not take yet wait in memory. */
  send(text: string): void;
  /** Sends frames that `frameOfMessage` made, one after the other; the bytes may be shared by many sockets. */
  sendFrames(frames: Uint8Array): void;
  /** Bytes that wait. */
  readonly waitingBytes: number;
  ping(): void;
  close(code: number, reason: string): void;
  /** Ends it without a word. */
  destroy(): void;
  /** There is one listener; a second takes its place. */
  listen(listener: SocketListener): void;
}
export interface SocketListener {
  message(text: string): void;
  pong(): void;
  close(): void;
}

/** A `GET` that becomes a socket; its path may have parameters. */
export interface HttpSocketRoute extends Pick<HttpRoute, "url" | "declared" | "service"> {
  readonly messageBytesMax: number;
  /**
   * Decides while it is still a request, and returns the function that takes the socket. An error that it throws
   * becomes an answer.
   */
  readonly admit: (request: HttpRequest, reply: HttpReply) => Promise<(socket: HttpSocket) => void>;
}

/** An answer to what went wrong. */
export interface Refusal {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: object;
}

/** Answers a request before anything else is done with it, or says that it did not. It writes and counts by itself. */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Sends a file of a folder: under the type of its name, the compressed copy beside it where the client takes it. */
export type SendFile = (reply: HttpReply, path: string) => HttpReply;

/** The public port. Every answer has the protecting headers and an id, every failure the one shape. */
export interface HttpServer {
  /** Before `listen`. Its path answers 405 to methods that no route of it takes. @throws Error for a route without declaration */
  route(route: HttpRoute): void;
  /** Called before `listen`. A request without an upgrade is refused with 400, after `admit`. */
  socket(route: HttpSocketRoute): void;
  /** There is one; a second takes its place. */
  front(answer: Front): void;
  /** The files of one folder; ones with a leading dot do not exist. */
  files(folder: string): Promise<SendFile>;
  /** Runs when the last request is over. */
  onClose(work: () => Promise<void>): void;
  /** Yields the port, which the system chooses for 0. */
  listen(at: { readonly host: string; readonly port: number }): Promise<number>;
  /** Each answer over HTTP/1.1 ends its connection from now on, so that clients open their next one elsewhere. */
  drain(): void;
  /** Refuses new requests and waits for running ones; connections that are still in use after `patienceMs` are cut. */
  close(patienceMs?: number): Promise<void>;
}

/** The parts that every adapter is opened with. */
export interface HttpServerParts {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Addresses or ranges whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Refuses clients by their addresses, with 403 on every route that is not for all. */
  readonly addressRules?: AddressRules | undefined;
  /** Files. With them the port speaks HTTP/2 and HTTP/1.1 over TLS, without them HTTP/1.1. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The limits that differ from the usual ones. */
  readonly connectionLimits?: Partial<HttpLimits>;
  /** The body of an answer to what went wrong; it is sent as JSON, under the failure's own status. */
  readonly failed: (error: KinoraError, traceId: string) => object;
}

/** How requests are counted; for a front, which counts its own. */
export const requestsMetric = ["http_requests_total", "HTTP requests", ["service", "method", "status"]] as const;
