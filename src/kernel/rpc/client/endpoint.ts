import type { ClientHttp2Session } from "node:http2";
import { addressOf, type Instance, usualWeight } from "../../registry/port.ts";
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
  /** Its share of calls beside others. */
  weight = usualWeight;
  /** When the registry last named it, by the clock of its breakers. */
  knownAtMs = 0;
  #ejectedUntil = Number.NEGATIVE_INFINITY;

  constructor(instance: Instance, identity: Identity, now: () => number) {
    this.#now = now;
    this.#connection = new Connection(addressOf(instance), identity);
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
 * The less busy of two endpoints that are chosen at random, each as often as its weight says. Failed ones, and those
 * without weight, are left out while there are others (power of two choices).
 */
export function choose(
  endpoints: readonly Endpoint[],
  tried: ReadonlySet<Endpoint>,
  random: () => number,
): Endpoint | undefined {
  let from = prefer(endpoints, (endpoint) => !tried.has(endpoint));
  from = prefer(from, (endpoint) => !endpoint.isEjected);
  from = prefer(from, ({ weight }) => weight > 0);
  const first = draw(from, random());
  const second = draw(
    from.filter((endpoint) => endpoint !== first),
    random(),
  );
  return first && second && loadOf(second) < loadOf(first) ? second : first;
}

/** Endpoints that fulfil a wish; all where none does. */
function prefer(endpoints: readonly Endpoint[], wish: (endpoint: Endpoint) => boolean): readonly Endpoint[] {
  const wished = endpoints.filter(wish);
  return wished.length > 0 ? wished : endpoints;
}

/** @param at from 0 up to 1: the place on a line on which each endpoint is as long as its weight. */
function draw(endpoints: readonly Endpoint[], at: number): Endpoint | undefined {
  const lengths = endpoints.map(({ weight }) => weight || 1);
  let place = at * lengths.reduce((sum, length) => sum + length, 0);
  return endpoints.find((_, index) => (place -= lengths[index] ?? 0) < 0);
}

/** One more call counts too, so that idle endpoints differ by their weight. */
const loadOf = ({ load, weight }: Endpoint): number => (load + 1) / (weight || 1);
