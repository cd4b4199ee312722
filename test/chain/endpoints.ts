import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AnswerTooLarge, createConfiguredServer } from "#kernel/outgoing/configured";
import type { EndpointPort } from "#chain/endpoints/port";

/** An endpoint behind the client that services use for servers of the configuration. */
export function endpointAt(url: string): EndpointPort {
  const server = createConfiguredServer(url);
  return {
    async ask(body, { answerBytesMax, signal }) {
      try {
        return await server.ask({ method: "POST", path: "", body, answerBytesMax, signal });
      } catch (error) {
        if (error instanceof AnswerTooLarge) return "too_large";
        throw error;
      }
    },
  };
}

/** A call of a batch, and the answer that the chain gives. */
export interface Exchange {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly result: unknown;
}

/** An endpoint that stands in front of a chain and can misbehave. */
export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** The bodies that came, as many as there were requests. */
  readonly bodies: string[];
  behaviour: Behaviour;
}

export type Behaviour =
  | { readonly kind: "honest" | "hang" | "endless" | "redirect" | "error" | "garbage" }
  /** Waits before each answer. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Gives another result for some calls. */
  | { readonly kind: "liar"; readonly lie: (exchange: Exchange) => unknown };

/** @param url the chain behind it */
export async function startRelay(url: string): Promise<Relay> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    // A client that leaves ends an answer in the middle.
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // It listens on a port.
  const relay: Relay = {
    url: `http://127.0.0.1:${port}`,
    bodies,
    behaviour: { kind: "honest" },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    bodies.push(body);
    const { behaviour } = relay;
    if (behaviour.kind === "hang") return;
    if (behaviour.kind === "redirect") return void response.writeHead(307, { location: url }).end();
    if (behaviour.kind === "error") return void response.writeHead(503).end("no");
    if (behaviour.kind === "garbage") return void response.end("<html>");
    if (behaviour.kind === "endless") return flood(response);
    if (behaviour.kind === "slow") await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
    const forwarded = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const honest = await forwarded.text();
    response.end(behaviour.kind === "liar" ? distort(body, honest, behaviour.lie) : honest);
  }
  return relay;
}

function flood(response: ServerResponse): void {
  const write = (): void => {
    while (!response.destroyed && response.write(" ".repeat(65_536)));
    response.once("drain", write);
  };
  write();
}

function distort(body: string, honest: string, lie: (exchange: Exchange) => unknown): string {
  const calls = [JSON.parse(body)].flat() as { id: number; method: string; params: unknown[] }[]; // Bodies of our client.
  const answers = [JSON.parse(honest)].flat() as { id: number; result: unknown }[]; // Answers of the chain.
  const distorted = answers.map((answer) => {
    const call = calls.find(({ id }) => id === answer.id);
    return call === undefined ? answer : { ...answer, result: lie({ ...call, result: answer.result }) };
  });
  return JSON.stringify(body.startsWith("[") ? distorted : distorted[0]);
}
