import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the protocols of registries need it. */
export interface ProtocolRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The JSON body; undefined without one. */
  readonly body: unknown;
  readonly response: ServerResponse;
}

/**
 * The frame of a small server that keeps to the published protocol of an engine which Debian does not have. It can be
 * killed with all its connections, started again at the same port, and paused.
 */
export class ProtocolServer implements AsyncDisposable {
  readonly #answer: (request: ProtocolRequest) => Promise<void> | void;
  #server: Server | undefined;
  #port = 0;
  #resumed = Promise.resolve();
  #resume: () => void = () => undefined;

  constructor(answer: (request: ProtocolRequest) => Promise<void> | void) {
    this.#answer = answer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      // A client that leaves, or a kill, ends a request in the middle.
      this.#handle(request, response).catch(() => response.destroy());
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port; // It listens on a port.
    this.#server = server;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  /** New requests wait until it resumes. */
  pause(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resumed = promise;
    this.#resume = resolve;
  }

  resume(): void {
    this.#resume();
  }

  [Symbol.asyncDispose] = (): Promise<void> => this.kill();

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#resumed;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    const content = await text(request);
    const body: unknown = content === "" ? undefined : JSON.parse(content);
    const { method = "GET", headers } = request;
    await this.#answer({ method, path: decodeURIComponent(pathname), query: searchParams, headers, body, response });
  }
}

/** Ends an answer with JSON, or with text. */
export function answer(response: ServerResponse, status: number, content: object | string, headers = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "content-type": typeof content === "string" ? "text/plain" : "application/json",
    ...headers,
  });
  response.end(typeof content === "string" ? content : JSON.stringify(content));
}
