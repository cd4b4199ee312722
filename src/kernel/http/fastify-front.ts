import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { Closing } from "./errors.ts";
import type { HttpLimits } from "./limits.ts";
import type { Front, HttpServer, HttpServerParts } from "./port.ts";
import { destroyLater, refuseRequest } from "./refusal.ts";
import { announcesBody } from "./request-bodies.ts";

/** Of the ten seconds a stop has at least, what requests that are under way get; jobs and the database have the rest. */
const patienceMsUsual = 5_000;
const idleMs = 50;

/** Stands before Fastify: lets a front answer first, and nobody in once the server closes. */
export function frontOf(
  app: FastifyInstance,
  { failed }: HttpServerParts,
  { lingerMs }: HttpLimits,
): Pick<HttpServer, "front" | "close"> {
  const { server } = app;
  let first: Front = () => false;
  let isClosing = false;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  const others = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Node reads on, for as long as the client sends.
    if (announcesBody(request)) response.once("finish", () => request.complete || destroyLater(request, lingerMs));
    if (isClosing) {
      // HTTP/2 has no such header: there the whole session is being closed already.
      if (request.httpVersionMajor === 1) response.setHeader("connection", "close");
      refuseRequest(request, response, Closing({}), failed);
    } else if (!first(request, response)) for (const other of others) other.call(server, request, response);
  });
  return {
    front: (answer) => void (first = answer),
    async close(patienceMs = patienceMsUsual) {
      isClosing = true;
      const late = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, patienceMs);
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
