import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Tcp, TcpConnection, TcpServer, TcpServerOptions } from "./port.ts";

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
  readonly #perAddress = new Map<string, number>();

  constructor(server: Server, options: TcpServerOptions) {
    this.#server = server;
    this.#options = options;
    this.#context = options.tls && createSecureContext(options.tls);
    server.maxConnections = options.connectionsMax;
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
  }

  #take(socket: Socket): void {
    const { remoteAddress: address = "" } = socket;
    const others = this.#perAddress.get(address) ?? 0;
    if (others >= this.#options.perAddressMax) {
      socket.destroy();
      return;
    }
    this.#perAddress.set(address, others + 1);
    this.#open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.setTimeout(this.#options.idleMs, () => socket.destroy());
    socket.once("close", () => {
      this.#open.delete(socket);
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    });
    socket.once("data", (first: Buffer) => this.#begin(socket, address, first));
  }

  #begin(socket: Socket, address: string, first: Buffer): void {
    if (first[0] !== handshakeRecord) {
      const listener = this.#serve(socket, address, false);
      listener.bytes(first);
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
    this.#serve(secure, address, true);
  }

  #serve(socket: Socket, address: string, isEncrypted: boolean) {
    const connection: TcpConnection = {
      address,
      isEncrypted,
      send: (bytes) => {
        if (socket.writable) socket.write(bytes);
      },
      get waitingBytes() {
        return socket.writableLength;
      },
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      end: () => void socket.end(),
      destroy: () => void socket.destroy(),
    };
    const listener = this.#options.accept(connection);
    socket.on("data", (chunk: Buffer) => listener.bytes(chunk));
    socket.once("close", () => listener.closed());
    return listener;
  }
}
