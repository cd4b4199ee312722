const firstMs = 500;
const mostMs = 15_000;

/**
 * How long to wait before a connection that was lost is opened again, in milliseconds: twice as long with each failure in a
 * row, and never the same for all viewers of a room. `random` is in [0, 1). Pure.
 */
export const backoffMs = (failures: number, random: number): number =>
  Math.min(mostMs, firstMs * 2 ** Math.min(failures, 10)) * (0.5 + random / 2);

/** Likes of one frame. */
const likesMax = 50;
const likeEveryMs = 1_000;

/** Sums likes: they are sent once a second at most, and wait where there is no connection. */
export class LikeSum {
  readonly #send: (count: number) => boolean;
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `send` yields whether there was a connection. */
  constructor(send: (count: number) => boolean) {
    this.#send = send;
  }

  add(): void {
    this.#waiting += 1;
    this.flush();
  }

  /** Sends what waits, unless some were sent within the last second. */
  flush(): void {
    if (this.#timer === undefined) this.#flush();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#waiting === 0) return;
    const count = Math.min(likesMax, this.#waiting);
    if (!this.#send(count)) return;
    this.#waiting -= count;
    this.#timer = setTimeout(() => this.#flush(), likeEveryMs);
  }
}
