import type { ChainFault, EndpointReport } from "#chain/endpoints/port";

/** The record of an endpoint since the start of this process. */
export interface EndpointHealth {
  /** Its address may hold a key. */
  readonly host: string;
  requests: number;
  errors: number;
  fault: EndpointReport["fault"];
  latencyMs: number | null;
  askedAtMs: number | null;
}

export type ChainCondition = "up" | "degraded" | "down";

/** How a chain answers, by what this process asked it. */
export class ChainHealth {
  readonly endpoints: readonly EndpointHealth[];
  readonly #now: () => number;
  #condition: ChainCondition = "up";
  #sinceMs: number;
  #answeredAtMs: number;
  #fault: ChainFault | undefined;

  constructor(urls: readonly string[], now: () => number) {
    this.#now = now;
    this.#sinceMs = now();
    this.#answeredAtMs = now();
    this.endpoints = urls.map((url) => ({
      host: new URL(url).host,
      requests: 0,
      errors: 0,
      fault: undefined,
      latencyMs: null,
      askedAtMs: null,
    }));
  }

  /** Counts one request of one endpoint. */
  observe({ endpoint, durationMs, fault }: EndpointReport): void {
    const health = this.endpoints[endpoint];
    if (health === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
    health.requests += 1;
    if (fault !== undefined) health.errors += 1;
    health.fault = fault;
    health.latencyMs = durationMs;
    health.askedAtMs = this.#now();
  }

  /** Stores how a look-up of the whole chain ended: with an answer, or with a fault. */
  settle(fault: ChainFault | undefined): void {
    this.#fault = fault;
    if (fault === undefined) this.#answeredAtMs = this.#now();
    const isWhole = this.endpoints.every((endpoint) => endpoint.fault === undefined);
    const condition = fault !== undefined ? "down" : isWhole ? "up" : "degraded";
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.#sinceMs = this.#now();
  }

  get condition(): ChainCondition {
    return this.#condition;
  }
  /** When it came into this condition. */
  get sinceMs(): number {
    return this.#sinceMs;
  }
  /** When it answered last, or when this process began to ask it. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }
  get fault(): ChainFault | undefined {
    return this.#fault;
  }
}
