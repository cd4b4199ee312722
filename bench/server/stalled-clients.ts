import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";

/** A connection of a client. */
export interface Held {
  readonly socket: Socket;
  end(): void;
}
export interface At {
  readonly host: string;
  readonly port: number;
  readonly rpcPort: number;
  /** The address of the client's own end. */
  readonly localAddress: string;
  /** The token of an account that has fewer than twenty sockets. */
  readonly token: string;
}
interface Kind {
  readonly name: string;
  /** Milliseconds by which the usual limits end it, the time between two checks included. */
  readonly withinMs: number;
  readonly open: (at: At) => Held;
}

/** A raw connection that sends this, and a byte more every few seconds where it drips. */
function raw(at: At, bytes: string, { drips = false, reads = true, isRpc = false, halfOpen = false } = {}): Held {
  const port = isRpc ? at.rpcPort : at.port;
  const socket: Socket = connect({ host: at.host, port, localAddress: at.localAddress, allowHalfOpen: halfOpen });
  const timer = drips ? setInterval(() => socket.write("a"), dripMs) : undefined;
  socket.on("error", () => undefined).on("close", () => clearInterval(timer));
  if (reads) socket.resume();
  else socket.pause();
  if (halfOpen) socket.end(bytes);
  else socket.write(bytes);
  return { socket, end: () => socket.destroy() };
}
const dripMs = 4_000;

/** A call whose answer fits no window. */
function call({ host, rpcPort, localAddress }: At): Held {
  const socket = connect({ host, port: rpcPort, localAddress });
  const settings = { initialWindowSize: 0 };
  const session = connectHttp2(`http://${host}:${rpcPort}`, { createConnection: () => socket, settings });
  session.on("error", () => undefined);
  const headers = { ":method": "POST", ":path": "/grpc.health.v1.Health/Check", "content-type": "application/grpc" };
  session.once("remoteSettings", () => {
    const stream = session.request(headers).on("error", () => undefined);
    stream.end(Buffer.alloc(5));
  });
  return { socket, end: () => session.destroy() };
}

/** A WebSocket that reads nothing, so answers no ping. */
function webSocket(at: At): Held {
  const key = "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n";
  const fields = `host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n${key}authorization: Bearer ${at.token}\r\n`;
  return raw(at, `GET /api/v1/ws?after=0 HTTP/1.1\r\n${fields}\r\n`, { reads: false });
}

const post = (path: string, type: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 60000\r\n\r\n`;
const form = `--x\r\ncontent-disposition: form-data; name="data"; filename="a.mp4"\r\n\r\n`;
const http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/** The ten ways to hold a connection. */
export const kinds: readonly Kind[] = [
  { name: "nothing sent", withinMs: 20_000, open: (at) => raw(at, "") },
  {
    name: "headers byte by byte",
    withinMs: 20_000,
    open: (at) => raw(at, "GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ", { drips: true }),
  },
  {
    name: "a sign-in byte by byte",
    withinMs: 40_000,
    open: (at) => raw(at, `${post("/api/v1/users/login", "application/json")}{"username":"`, { drips: true }),
  },
  {
    name: "an upload byte by byte",
    withinMs: 70_000,
    open: (at) => raw(at, post("/douyin/publish/action", "multipart/form-data; boundary=x") + form, { drips: true }),
  },
  {
    name: "answers that are not read",
    withinMs: 130_000,
    open: (at) => raw(at, "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(12), { reads: false }),
  },
  { name: "a WebSocket that is not read", withinMs: 70_000, open: webSocket },
  {
    name: "its side ended within a body",
    withinMs: 10_000,
    open: (at) => raw(at, `${post("/api/v1/users/login", "application/json")}{`, { halfOpen: true }),
  },
  { name: "no HTTP", withinMs: 10_000, open: (at) => raw(at, "\x16\x03\x01") },
  { name: "a gRPC call without a window", withinMs: 130_000, open: call },
  { name: "HTTP/2 without a request", withinMs: 20_000, open: (at) => raw(at, http2, { isRpc: true }) },
];
