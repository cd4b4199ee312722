import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { Connections } from "../connections.ts";
import { BadRequest, Closing } from "../errors.ts";
import { isAmbiguous } from "../headers.ts";
import { isAdmitted } from "./hooks.ts";
import type { HttpLimits } from "../limits.ts";
import type { Front, HttpServer, HttpServerParts } from "../port.ts";
import { destroyLater, refuseRequest, transportOf } from "../refusal.ts";
import { announcesBody } from "../request-bodies.ts";

/** The share of requests under way in the ten seconds that a stop has at least; jobs and the database have the rest. */
const patienceMsUsual = 5_000;
const idleMs = 50;

/** Stands before Fastify: lets a front answer first, and nobody in once the server closes. */
export function createFront(
  app: FastifyInstance,
  { failed, addressRules }: HttpServerParts,
  { lingerMs }: HttpLimits,
  connections: Connections,
): Pick<HttpServer, "front" | "drain" | "close"> {
  const { server } = app;
  let first: Front = () => false;
  // A refused client gets its answer from the routes.
  const isForFront = (request: IncomingMessage) => !addressRules || isAdmitted(request, addressRules);
  let isDraining = false;
  let isClosing = false;
  /** Nothing more is taken from a connection that a refusal ends (RFC 9112 §9.6): Node has read on. */
  const ended = new WeakSet<object>();
  const otherListeners = server.listeners("request");
  server.removeAllListeners("request");
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    // Node reads on, for as long as the client sends.
    if (announcesBody(request)) onAnswered(request, response, () => destroyLater(transportOf(request), lingerMs));
    // HTTP/2 has no such header: there the whole session is closed in the end.
    if ((isDraining || isClosing) && request.httpVersionMajor === 1) response.setHeader("connection", "close");
    if (isClosing) refuseRequest(request, response, Closing({}), failed);
    else if (!isForFront(request) || !first(request, response))
      for (const other of otherListeners) other.call(server, request, response);
  };
  const turns = new Turns(() => connections.cut("frames"));
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (ended.has(request.socket)) return;
    if (isAmbiguous(request)) {
      ended.add(request.socket);
      response.setHeader("connection", "close");
      refuseRequest(request, response, BadRequest({}), failed);
      destroyLater(request.socket, lingerMs);
    } else if (request.httpVersionMajor > 1 || response.socket !== null) serve(request, response);
    else turns.wait(request, response, serve);
  });
  return {
    front: (answer) => void (first = answer),
    drain: () => void (isDraining = true),
    async close(patienceMs = patienceMsUsual) {
      isClosing = true;
      const late = setTimeout(() => connections.destroyAll(), patienceMs);
      // A connection that is kept falls idle after its last answer: Node closes the ones that are idle now, and no later.
      const idle = setInterval(() => server.closeIdleConnections(), idleMs);
      try {
        await app.close();
      } finally {
        clearTimeout(late);
        clearInterval(idle);
      }
    },
  };
}

/** Runs where an answer ended before the body of its request. Node's view of an HTTP/2 response finishes with the stream alone. */
function onAnswered(request: IncomingMessage, response: ServerResponse, run: () => void): void {
  const { stream } = request as { stream?: Duplex };
  if (stream) stream.once("finish", () => stream.readableEnded || run());
  else response.once("finish", () => request.complete || run());
}

const pipelinedMax = 100;

/**
 * Requests of HTTP/1.1 that were sent before the answers to earlier ones: each is served once the answers before it have
 * left. Otherwise a client that reads nothing would fill the memory with answers.
 */
class Turns {
  readonly #waiting = new WeakMap<object, number>();
  readonly #refused: () => void;

  /** @param refused counts a connection that is cut because more than a hundred wait on it */
  constructor(refused: () => void) {
    this.#refused = refused;
  }

  wait(request: IncomingMessage, response: ServerResponse, serve: (...one: [IncomingMessage, ServerResponse]) => void) {
    const { socket } = request;
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    this.#waiting.set(socket, waiting);
    if (waiting === pipelinedMax + 1) {
      this.#refused();
      socket.destroy();
    } else if (waiting <= pipelinedMax)
      response.once("socket", () => {
        this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
        serve(request, response);
      });
  }
}
