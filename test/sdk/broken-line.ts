import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A line to a server that breaks where a test says so. */
export class BrokenLine implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isDown = false;
  #breaksAtBytes = Number.POSITIVE_INFINITY;
  /** The bytes that clients have sent through it. */
  sentBytes = 0;

  private constructor(to: URL) {
    this.#server = createServer((client) => {
      if (this.#isDown) {
        client.destroy();
        return;
      }
      const server = connect(Number(to.port), to.hostname);
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy()).on("close", () => other.destroy() && this.#sockets.delete(socket));
      }
      client.on("data", (bytes) => {
        this.sentBytes += bytes.byteLength;
        if (this.sentBytes >= this.#breaksAtBytes) {
          this.#breaksAtBytes = Number.POSITIVE_INFINITY;
          this.break();
        } else server.write(bytes);
      });
      server.pipe(client);
    });
  }

  static async to(url: string): Promise<BrokenLine> {
    const line = new BrokenLine(new URL(url));
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // It listens on a port.
  }

  /** Ends every connection, once, after so many more bytes from clients. */
  breakAfter(bytes: number): void {
    this.#breaksAtBytes = this.sentBytes + bytes;
  }

  /** Ends every connection. */
  break(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every connection, and new ones until `repair`. */
  cut(): void {
    this.#isDown = true;
    this.break();
  }

  repair(): void {
    this.#isDown = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.break();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
