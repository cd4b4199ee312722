import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { Carriers } from "../clients/carriers.ts";
import { networkOf } from "../clients/network.ts";
import { type Place, Places } from "../clients/places.ts";
import { NodeTcpConnection } from "./connection.ts";
import type { Tcp, TcpServer, TcpServerOptions } from "./port.ts";

/** TLS begins with a handshake record (RFC 8446 §5.1). */
const handshakeRecord = 22;

/** Ports of this machine, by Node's own sockets. */
export const nodeTcp: Tcp = {
  async listen(options) {
    const server = createServer({ noDelay: true });
    const port = new NodeTcpServer(server, options);
    server.listen({ host: options.host, port: options.port });
    await once(server, "listening");
    return port;
  },
};

class NodeTcpServer implements TcpServer {
  readonly #server: Server;
  readonly #options: TcpServerOptions;
  readonly #context: SecureContext | undefined;
  readonly #open = new Set<Socket>();
  /** The ends of connections that have a listener; a server counts a connection as closed before its `close` event. */
  readonly #ends = new Set<Promise<void>>();
  readonly #places: Places;
  readonly #carriers: Carriers;

  constructor(server: Server, options: TcpServerOptions) {
    const { tls, strangersMax, perNetworkMax, admissionMs, trustedProxies } = options;
    this.#server = server;
    this.#options = options;
    this.#context = tls && createSecureContext(tls);
    this.#places = new Places({ max: strangersMax, perHolderMax: perNetworkMax, admissionMs });
    this.#carriers = new Carriers(trustedProxies, { limitsLoopback: false });
    server.on("connection", (socket) => this.#take(socket));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed;
    await Promise.all(this.#ends);
  }

  #take(socket: Socket): void {
    const { remoteAddress: address = "" } = socket;
    const { perNetworkMax } = this.#options;
    const place = this.#places.take(networkOf(address), {
      end: () => socket.destroy(),
      perHolderMax: this.#carriers.has(address) ? Number.POSITIVE_INFINITY : perNetworkMax,
    });
    if (typeof place === "string") {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.setTimeout(this.#options.idleMs, () => socket.destroy());
    socket.once("close", () => {
      this.#open.delete(socket);
      place.release();
    });
    socket.once("data", (first: Buffer) => this.#begin(socket, address, place, first));
  }

  #begin(socket: Socket, address: string, place: Place, first: Buffer): void {
    if (first[0] !== handshakeRecord) {
      this.#serve(socket, { address, isEncrypted: false, place }, first);
      return;
    }
    if (!this.#context) {
      socket.destroy();
      return;
    }
    // Paused first: the bytes that are put back are for the decryption.
    socket.pause();
    socket.unshift(first);
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.#context });
    secure.on("error", () => socket.destroy());
    this.#serve(secure, { address, isEncrypted: true, place });
  }

  #serve(
    socket: Socket,
    client: { readonly address: string; readonly isEncrypted: boolean; readonly place: Place },
    first?: Buffer,
  ): void {
    const { admissionBytesMax } = this.#options;
    const connection = new NodeTcpConnection(socket, { ...client, admissionBytesMax });
    const listener = this.#options.accept(connection);
    const receive = (chunk: Buffer) => {
      if (connection.receive(chunk.length)) listener.bytes(chunk);
    };
    socket.on("data", receive);
    const { promise: end, resolve } = Promise.withResolvers<void>();
    this.#ends.add(end);
    socket.once("close", () => {
      listener.close();
      this.#ends.delete(end);
      resolve();
    });
    if (first) receive(first);
  }
}
