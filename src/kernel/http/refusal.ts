import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { KinoraError } from "../errors.ts";
import { newTraceId } from "../trace.ts";
import { retryAfterSeconds } from "./errors.ts";
import { commonHeaders, newRequestId, requestIdOf, traceIdOf } from "./headers.ts";
import { STATUS_CODES } from "./node-http.ts";
import type { HttpServerParts } from "./port.ts";

type Failed = HttpServerParts["failed"];

export interface RefusedRequest {
  readonly headers: IncomingHttpHeaders;
}
/** The common interface of the responses of both transports. */
export interface Written {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(text: string): unknown;
}

/** Answers a request that reaches no route, with the shape and the headers of every other answer. */
export function refuseRequest(request: RefusedRequest, response: Written, error: KinoraError, failed: Failed): void {
  const { headers, body } = refusalOf(error, requestIdOf(request), traceIdOf(request), failed);
  response.writeHead(error.http, headers);
  response.end(body);
}

/** Ends a connection on which no request could be read. */
export function refuseConnection(socket: Socket, error: KinoraError, failed: Failed, lingerMs: number): void {
  const { headers, body } = refusalOf(error, newRequestId(), newTraceId(), failed);
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${error.http} ${STATUS_CODES[error.http] ?? ""}\r\n${lines.join("")}\r\n${body}`);
  destroyLater(socket, lingerMs);
}

/** A peer that does not close its side would keep the descriptor as long as it likes (security S8.7). */
export function destroyLater(stream: Destroyable, lingerMs: number): void {
  const late = setTimeout(() => stream.destroy(), lingerMs).unref();
  stream.once("close", () => clearTimeout(late));
}

interface Destroyable {
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** The connection of a request, or its stream under HTTP/2, where Node's request is only a view of it. */
export function transportOf(request: IncomingMessage): Destroyable {
  const { stream } = request as { stream?: Duplex };
  return stream ?? request;
}

function refusalOf(error: KinoraError, id: string, traceId: string, failed: Failed) {
  const body = JSON.stringify(failed(error, traceId));
  const wait = retryAfterSeconds(error);
  const headers = {
    ...commonHeaders,
    "x-request-id": id,
    "content-type": "application/json",
    "content-length": `${Buffer.byteLength(body)}`,
    ...(wait !== undefined && { "retry-after": `${wait}` }),
  };
  return { headers, body };
}
