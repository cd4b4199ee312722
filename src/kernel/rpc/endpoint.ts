import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { Instance } from "../registry/port.ts";
import { messageBytesMax } from "./limits.ts";

const ejectedMs = 2_000;
/** A peer that is silently gone is found out this fast, and a new connection made. */
const ping = { pingIntervalMs: 2_000, pingTimeoutMs: 2_000, idleConnectionTimeoutMs: 60_000 };

/** One process that answers calls: its connection, how busy it is for us, and whether it failed a moment ago. */
export class Endpoint {
  readonly transport: Transport;
  readonly #sessions: Http2SessionManager;
  readonly #now: () => number;
  inFlight = 0;
  #ejectedUntil = Number.NEGATIVE_INFINITY;

  constructor({ host, port }: Instance, now: () => number) {
    const baseUrl = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    this.#now = now;
    this.#sessions = new Http2SessionManager(baseUrl, ping);
    this.transport = createConnectTransport({
      baseUrl,
      httpVersion: "2",
      useBinaryFormat: true,
      sessionManager: this.#sessions,
      readMaxBytes: messageBytesMax,
      writeMaxBytes: messageBytesMax,
    });
  }

  get isEjected(): boolean {
    return this.#now() < this.#ejectedUntil;
  }

  /** It failed: others are asked for a while. */
  eject(): void {
    this.#ejectedUntil = this.#now() + ejectedMs;
  }

  /** A call ran out of time. That may be the call's own fault, but not when there was not even a connection. */
  late(): void {
    if (this.#sessions.state() !== "connecting") return;
    this.eject();
    // It would keep everybody waiting until the system gives up on it, minutes later.
    this.#sessions.abort();
  }

  /** Whether it takes connections now. */
  async isReachable(withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, withinMs, false);
    void this.#sessions.connect().then((state) => resolve(state !== "error"));
    return promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#sessions.abort();
  }
}

/** The better of two chosen at random: those that failed are left out while there are others (power of two choices). */
export function choose(
  endpoints: readonly Endpoint[],
  tried: ReadonlySet<Endpoint>,
  random: () => number,
): Endpoint | undefined {
  const fresh = endpoints.filter((endpoint) => !tried.has(endpoint));
  const candidates = fresh.length > 0 ? fresh : endpoints;
  const healthy = candidates.filter((endpoint) => !endpoint.isEjected);
  const from = healthy.length > 0 ? healthy : candidates;
  const first = Math.floor(random() * from.length);
  const second = (first + 1 + Math.floor(random() * (from.length - 1))) % from.length;
  const [a, b] = [from[first], from[second]];
  return a && b && b.inFlight < a.inFlight ? b : a;
}
