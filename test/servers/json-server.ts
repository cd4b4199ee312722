import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
}

/** A server on loopback that answers in JSON, for the protocols of servers that are not at hand. */
export class JsonServer implements AsyncDisposable {
  readonly #answer: (request: IncomingMessage) => Promise<JsonAnswer>;
  readonly #headers: Readonly<Record<string, string>>;
  #server: Server | undefined;
  #port = 0;

  constructor(
    answer: (request: IncomingMessage) => Promise<JsonAnswer>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.#answer = answer;
    this.#headers = headers;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** At the same port after a stop. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json", ...this.#headers });
        response.end(JSON.stringify(body));
      });
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port; // It listens on a port.
    this.#server = server;
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  [Symbol.asyncDispose] = (): Promise<void> => this.stop();
}
