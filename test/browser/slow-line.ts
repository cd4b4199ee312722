import { type ClientRequest, createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as later } from "node:timers/promises";
import { until } from "../until.ts";

/**
 * A line between a browser and a server that is as slow as its setting and counts bytes. It counts the bytes of request
 * bodies as they came from the browser.
 */
export class SlowLine implements AsyncDisposable {
  /** The speed of request bodies; 0 is as fast as possible. */
  bytesPerSecond = 0;
  /** Bytes of the bodies of uploads. */
  sentBytes = 0;
  /** Requests about uploads. */
  uploads = 0;
  /** Those that are under way, also where the browser has left and what it sent is still on the line. */
  #open = 0;
  readonly #server: Server;
  readonly #to: URL;

  private constructor(to: string) {
    this.#to = new URL(to);
    this.#server = createServer((asked, answer) => {
      const forwarded = request(
        { host: this.#to.hostname, port: this.#to.port, method: asked.method, path: asked.url, headers: asked.headers },
        (got) => {
          answer.writeHead(got.statusCode ?? 502, got.headers);
          got.pipe(answer);
        },
      );
      forwarded.on("error", () => answer.destroy());
      asked.on("error", () => forwarded.destroy());
      // A browser that goes away in the middle is a connection that breaks for the server as well.
      asked.on("close", () => asked.complete || forwarded.destroy());
      void this.#carry(asked, forwarded).catch(() => forwarded.destroy());
    });
  }

  static async to(url: string): Promise<SlowLine> {
    const line = new SlowLine(url);
    await new Promise<void>((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // It listens on a port.
    return `http://127.0.0.1:${port}`;
  }

  /** As fast as it goes from now on; settles when all is counted that was sent before. */
  async clear(): Promise<void> {
    this.bytesPerSecond = 0;
    await until(() => this.#open === 0);
  }

  async #carry(asked: IncomingMessage, forwarded: ClientRequest): Promise<void> {
    const isUpload = asked.url?.startsWith("/api/v1/tus") === true;
    if (isUpload) {
      this.uploads += 1;
      this.#open += 1;
    }
    try {
      for await (const chunk of asked) {
        const bytes = chunk as Buffer; // A stream without an encoding gives bytes.
        if (isUpload) this.sentBytes += bytes.byteLength;
        if (forwarded.destroyed) break;
        if (!forwarded.write(bytes)) await takesMore(forwarded);
        if (isUpload) await this.#spend(bytes.byteLength);
      }
      forwarded.end();
    } finally {
      if (isUpload) this.#open -= 1;
    }
  }

  /** Bit by bit, so that a faster setting takes effect immediately. */
  async #spend(bytes: number): Promise<void> {
    for (let left = bytes; left > 0 && this.bytesPerSecond > 0; ) {
      const bit = Math.min(left, this.bytesPerSecond / 10);
      await later((1_000 * bit) / this.bytesPerSecond);
      left -= bit;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Until more may be written, or the request has closed. */
const takesMore = (to: ClientRequest): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      to.off("drain", go).off("close", go);
      resolve();
    };
    to.on("drain", go).on("close", go);
  });
