import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * The state of a link: `open`; `reset` ends connections with RST; `silent` takes connections and bytes and delivers
 * nothing; `deaf` delivers what the client sends, and nothing back.
 */
export type LinkState = "open" | "reset" | "silent" | "deaf";

export interface LinkPace {
  /** The delay of each piece, evenly between the two. */
  readonly delayMs: readonly [least: number, most: number];
  readonly bytesPerSecond: number;
}

const immediate: LinkPace = { delayMs: [0, 0], bytesPerSecond: Number.POSITIVE_INFINITY };

/** A TCP connection between two processes that a test can cut, silence and slow down. */
export class TcpLink implements AsyncDisposable {
  readonly #target: number;
  readonly #server: Server;
  readonly #random: () => number;
  readonly #sockets = new Set<Socket>();
  #state: LinkState = "open";
  #pace = immediate;
  #changed = Promise.withResolvers<void>();
  /** Connections so far. */
  connections = 0;

  private constructor(target: number, random: () => number) {
    this.#target = target;
    this.#random = random;
    this.#server = createServer((socket) => this.#take(socket));
  }

  /** A link on a port of loopback to another one. */
  static async to(target: number, random: () => number = Math.random): Promise<TcpLink> {
    const link = new TcpLink(target, random);
    link.#server.listen(0, "127.0.0.1");
    await once(link.#server, "listening");
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // A port, as it listens on one.
  }

  set(state: LinkState): void {
    this.#state = state;
    if (state === "reset") this.resetAll();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  slow(pace: LinkPace): void {
    this.#pace = pace;
  }

  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.set("open");
    await closed;
  }

  #take(client: Socket): void {
    this.connections += 1;
    if (this.#state === "reset") return void client.resetAndDestroy();
    const server = connect(this.#target, "127.0.0.1");
    for (const [socket, peer] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        peer.destroy();
      });
    }
    void this.#carry(client, server, "silent");
    void this.#carry(server, client, "silent", "deaf");
  }

  /** Delivers in order, each piece at its time, while the state is none of these. */
  async #carry(from: Socket, to: Socket, ...blocked: readonly LinkState[]): Promise<void> {
    let dueMs = 0;
    for (;;) {
      const chunk: Buffer | null = from.read();
      if (chunk === null) {
        if (from.destroyed || from.readableEnded) return;
        await Promise.race([once(from, "readable"), once(from, "close")]).catch(() => undefined);
        continue;
      }
      const [least, most] = this.#pace.delayMs;
      const delayMs = least + this.#random() * (most - least);
      dueMs = Math.max(dueMs, performance.now() + delayMs) + (chunk.length / this.#pace.bytesPerSecond) * 1_000;
      await sleepUntil(dueMs);
      while (blocked.includes(this.#state)) await this.#changed.promise;
      to.write(chunk);
    }
  }
}

function sleepUntil(atMs: number): Promise<void> {
  const waitMs = atMs - performance.now();
  if (waitMs <= 0) return Promise.resolve();
  return new Promise((resolve) => void setTimeout(resolve, waitMs));
}
