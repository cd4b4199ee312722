interface Clocks {
  /** Milliseconds since 1970, as it is set. */
  readonly wall: () => number;
  /** Milliseconds since a fixed point, never set. */
  readonly monotonic: () => number;
}

/** Smaller differences are what a time server does all day. */
const stepMsMin = 10_000;

/**
 * Finds steps of the wall clock by comparison with the monotonic one, so that what was signed before a step does not expire
 * by it. A step is noticed by the first look after it; the time a machine was suspended looks like one.
 */
export class ClockSteps {
  readonly #clocks: Clocks;
  readonly #rememberedMs: number;
  #steps: { readonly ms: number; readonly noticedAt: number }[] = [];
  #offset: number;

  /** @param rememberedMs how long a step counts: the longest life of what expires. */
  constructor(rememberedMs: number, { wall = Date.now, monotonic = () => performance.now() }: Partial<Clocks> = {}) {
    this.#rememberedMs = rememberedMs;
    this.#clocks = { wall, monotonic };
    this.#offset = wall() - monotonic();
  }

  /** The present, as the wall clock would show it without its last steps forward: milliseconds since 1970. */
  expiryNow(): number {
    const monotonic = this.#clocks.monotonic();
    const wall = this.#clocks.wall();
    const step = wall - monotonic - this.#offset;
    this.#offset += step;
    this.#steps = this.#steps.filter(({ noticedAt }) => monotonic - noticedAt < this.#rememberedMs);
    if (Math.abs(step) >= stepMsMin) this.#steps.push({ ms: step, noticedAt: monotonic });
    const sum = this.#steps.reduce((all, { ms }) => all + ms, 0);
    return wall - Math.max(0, sum);
  }
}
