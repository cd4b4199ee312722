import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as askHttp } from "node:http";
import { Agent as HttpsAgent, request as askHttps } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface ByteRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the path of the server's URL, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly sizeBytes: number; readonly bytes: Readable };
  readonly signal: AbortSignal;
}

export interface ByteAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** To be read, or destroyed. */
  readonly body: IncomingMessage;
}

/** A server that the configuration names, for bodies of any size in both directions. */
export interface ByteServer {
  /** Any status is an answer; redirects are not followed. @throws where there is none */
  ask(request: ByteRequest): Promise<ByteAnswer>;
  close(): void;
}

/** A connection without any byte for this long is given up. */
const silentMsMax = 60_000;

export function createByteServer(url: string): ByteServer {
  const { origin, pathname, protocol } = new URL(url);
  const base = origin + pathname.replace(/\/$/, "");
  const isHttps = protocol === "https:";
  const agent = isHttps ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const send = isHttps ? askHttps : askHttp;
  return {
    async ask({ method, path, headers, body, signal }) {
      const lengths = { "content-length": String(body?.sizeBytes ?? 0) };
      const request = send(base + path, {
        method,
        agent,
        signal,
        timeout: silentMsMax,
        headers: { ...headers, ...(method !== "GET" && lengths) },
      });
      request.once("timeout", () => request.destroy(new Error("the server is silent")));
      const { promise, resolve, reject } = Promise.withResolvers<ByteAnswer>();
      request.once("response", (answer) =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }),
      );
      request.once("error", reject);
      // A server may answer before it has taken the whole body: what it answers is more than a broken pipe says.
      if (body) pipeline(body.bytes, request).catch(reject);
      else request.end();
      return promise;
    },
    close: () => agent.destroy(),
  };
}
