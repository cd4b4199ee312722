import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { WebSocket, WebSocketServer } from "ws";
import { NotASocket } from "../errors.ts";
import type { HttpLimits } from "../limits.ts";
import { ServerResponse } from "../node-http.ts";
import type { HttpRoute, HttpServer, HttpSocket, SocketListener } from "../port.ts";
import { destroyLater } from "../refusal.ts";

/** RFC 6455 §7.4.1: a server that goes away. */
const goingAway = 1001;
const goodbyeMs = 1_000;

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Upgrade requests pass through the routes like all others, so that hooks, limits and failures are the same. They
 * become sockets at the end.
 */
export function createSocketEndpoint(
  app: FastifyInstance,
  route: (route: HttpRoute) => void,
  { lingerMs }: HttpLimits,
): HttpServer["socket"] {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>();
  const open = new Set<WebSocket>();
  const paths: RegExp[] = [];
  const { server } = app;
  let isClosing = false;
  const asksFor = ({ method, url = "", headers }: IncomingMessage) =>
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    paths.some((path) => path.test(url.split("?", 1)[0] ?? ""));
  // An upgrade to anything else is not taken up: the request is answered as one without (RFC 9110 §7.8).
  Object.assign(server, { shouldUpgradeCallback: asksFor });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isClosing) {
      socket.destroy();
      return;
    }
    upgrades.set(request, { socket, head });
    socket.on("error", () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    // A connection whose parser has left takes no second request.
    response.on("finish", () => {
      socket.end();
      destroyLater(socket, lingerMs);
    });
    response.assignSocket(socket as never); // Always the connection itself, whatever the type says of tests.
    app.routing(request, response);
  });
  app.addHook("preClose", (done) => {
    isClosing = true;
    for (const socket of open) socket.close(goingAway);
    setTimeout(() => {
      for (const socket of open) socket.terminate();
    }, goodbyeMs).unref();
    done();
  });

  return ({ url, declared, service, messageBytesMax, admit }) => {
    paths.push(new RegExp(`^${url.replaceAll(/:\w+/g, "[^/]+")}$`));
    let upgrader: Promise<WebSocketServer> | undefined;
    route({
      method: "GET",
      url,
      declared,
      ...(service !== undefined && { service }),
      async handler(request, reply) {
        const take = await admit(request, reply);
        const upgrade = upgrades.get(request.raw);
        if (!upgrade) throw NotASocket({});
        upgrader ??= createUpgrader(messageBytesMax);
        const webSockets = await upgrader;
        reply.hijack();
        reply.raw.detachSocket(upgrade.socket as never); // As above.
        webSockets.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (socket) => {
          open.add(socket);
          socket.once("close", () => open.delete(socket));
          take(wrapSocket(socket, upgrade.socket));
        });
        return reply;
      },
    });
  };
}

/** The library is loaded for the first socket: most processes never have one. */
async function createUpgrader(maxPayload: number): Promise<WebSocketServer> {
  const ws = await import("ws");
  return new ws.WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload,
    // A few bytes that unpack to many are a way to spend our memory.
    perMessageDeflate: false,
  });
}

/** `connection` is the one below `socket`. */
function wrapSocket(socket: WebSocket, connection: Duplex): HttpSocket {
  let listener: SocketListener | undefined;
  let isOver = false;
  // The library closes the socket after an error, with the matching code.
  socket.on("error", () => undefined);
  socket.on("message", (bytes: Buffer, isBinary) => {
    if (isBinary) socket.close(1003, "text only");
    else listener?.message(bytes.toString("utf8"));
  });
  socket.on("pong", () => listener?.pong());
  socket.once("close", () => {
    isOver = true;
    listener?.close();
  });
  return {
    send: (text) => socket.send(text, () => undefined),
    sendFrames(frames) {
      // Without compression the library writes each of its frames whole, so that none is within another.
      if (socket.readyState === socket.OPEN) connection.write(frames);
    },
    get waitingBytes() {
      return socket.bufferedAmount;
    },
    ping: () => socket.ping(undefined, undefined, () => undefined),
    close: (code, reason) => socket.close(code, reason),
    destroy: () => socket.terminate(),
    listen(next) {
      listener = next;
      if (isOver) next.close();
    },
  };
}
