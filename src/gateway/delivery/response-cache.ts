import type { IncomingMessage, ServerResponse } from "node:http";
import { type CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import type { Counter } from "#kernel/telemetry/port";
import { sendRawResponse, acceptsRawResponse, type RawResponse, rawResponse } from "./raw-response.ts";

interface Entry extends RawResponse {
  readonly status: string;
  /** On the monotonic clock; from then on access is checked again. */
  readonly until: number;
}

type Headers = Readonly<Record<string, string | number>>;

/**
 * A change of access to a video takes effect on cached responses within this time. A response was made by a decision of
 * the streaming service, which is up to 6 s old: both together are the 10 s of S2.3.
 */
export const segmentsCache: CacheDeclaration = {
  name: "gateway.segments",
  what: "Responses with segments of public videos, by their address and range.",
  ttlMs: 4_000,
  lifetimeMsMax: 4_000,
};
const entriesMax = 5_000;

/**
 * A TTL cache of responses with public segments, served before routing: at a segment a second per viewer, everything else a
 * request passes through costs more than the segment itself.
 */
export class ResponseCache {
  readonly #entries = new Map<string, Entry>();
  readonly #served: Counter;
  readonly #bytesMax: number;
  readonly #policy: CachePolicy;
  #bytes = 0;
  #requests = 0;

  /** @param bytesMax of all entries together: the client chooses the ranges, and each range is an entry of its own. */
  constructor(served: Counter, bytesMax: number, policy = new CachePolicy(segmentsCache)) {
    this.#served = served;
    this.#bytesMax = bytesMax;
    this.#policy = policy;
    policy.hold({
      entries: () => this.#entries.size,
      bytes: () => this.#bytes,
      clear: () => this.#dropAll(""),
      deleteKey: (path) => this.#dropAll(`${path} `),
      deleteTag: (tag) => {
        if (tag.startsWith("video:")) this.#dropAll(`/api/v1/streaming/${tag.slice("video:".length)}/`);
      },
    });
  }

  /** Caches the response to a request, unless it depends on more than its address and range. */
  put(request: IncomingMessage, status: number, headers: Headers, body: Buffer): void {
    if (request.method !== "GET" || isConditional(request)) return;
    const now = performance.now();
    const key = keyOf(request);
    this.#policy.count(false);
    this.#drop(key);
    const response = rawResponse(status, shareable(headers), body);
    this.#entries.set(key, { ...response, status: String(status), until: now + this.#policy.ttlMs });
    this.#bytes += response.bytes.byteLength;
    // All live equally long, so the oldest expire first.
    for (const [oldest, { until }] of this.#entries) {
      if (until > now && this.#entries.size <= entriesMax && this.#bytes <= this.#bytesMax) break;
      this.#drop(oldest);
    }
  }

  #dropAll(beginning: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(beginning)) this.#drop(key);
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes.byteLength ?? 0;
    this.#entries.delete(key);
  }

  /** Answers a request from the cache, and returns false if it cannot. Runs in front of the public port's routes. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== "GET" || this.#entries.size === 0) return false;
    // An invalid token is refused even where none is needed; players of public videos send none.
    if (request.headers.authorization !== undefined) return false;
    const entry = this.#entries.get(keyOf(request));
    if (!entry || entry.until <= performance.now() || isConditional(request)) return false;
    if (!acceptsRawResponse(request, response)) return false;
    this.#policy.count(true);
    this.#requests = (this.#requests + 1) % 1_000_000_000;
    sendRawResponse(response, entry, `h${this.#requests}-${process.pid}`);
    this.#served.add(1, { service: "streaming", method: "GET", status: entry.status });
    return true;
  }
}

/** Without the headers that concern the first client alone. */
const shareable = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:x-ratelimit-|x-request-id$|set-cookie$)/.test(name)),
  );
const keyOf = ({ url = "", headers }: IncomingMessage): string => `${url} ${headers.range ?? ""}`;
const isConditional = ({ headers }: IncomingMessage): boolean =>
  headers["if-range"] !== undefined || headers["if-none-match"] !== undefined;
