import type { ClientHttp2Session } from "node:http2";
import type { Instance } from "../../registry/port.ts";
import { Breaker } from "./breaker.ts";
import { Connection, type Identity } from "./connection.ts";

const ejectedMs = 2_000;

/** One process that answers calls: its connection, how busy it is for us, and whether it failed a moment ago. */
export class Endpoint {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #breakers = new Map<string, Breaker>();
  /** Calls and streams that were begun and have not ended. */
  readonly open = { call: 0, stream: 0 };
  #ejectedUntil = Number.NEGATIVE_INFINITY;

  constructor({ host, port }: Instance, identity: Identity, now: () => number) {
    this.#now = now;
    this.#connection = new Connection(`${host.includes(":") ? `[${host}]` : host}:${port}`, identity);
  }

  /** The session that calls can be made on now; else {@link connect}. */
  get session(): ClientHttp2Session | undefined {
    return this.#connection.session;
  }

  connect(): Promise<ClientHttp2Session> {
    return this.#connection.open();
  }

  /** The circuit breaker of a service in this process. */
  breaker(service: string): Breaker {
    const breaker = this.#breakers.get(service) ?? new Breaker(this.#now);
    this.#breakers.set(service, breaker);
    return breaker;
  }

  get isEjected(): boolean {
    return this.#now() < this.#ejectedUntil;
  }

  /** It failed: others are asked for a while. */
  eject(): void {
    this.#ejectedUntil = this.#now() + ejectedMs;
  }

  /**
   * Records that a call ran out of time. The call itself may be slow, but a missing connection is the endpoint's fault.
   */
  late(): void {
    if (!this.#connection.isOpening) return;
    this.eject();
    // The connection would keep all other calls waiting as well.
    this.#connection.abort();
  }

  /** True if it takes our connections now. */
  async isReachable(withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, withinMs, false);
    void this.connect().then(
      () => resolve(true),
      () => resolve(false),
    );
    return promise.finally(() => clearTimeout(timer));
  }

  get load(): number {
    return this.open.call + this.open.stream;
  }

  close(): void {
    this.#connection.close();
  }
}

/**
 * The better of two connections chosen at random. Failed ones are left out while there are others (power of two
 * choices).
 */
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
  return a && b && b.load < a.load ? b : a;
}
