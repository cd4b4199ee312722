export interface PlaceLimits {
  /** Places that are held together. */
  readonly max: number;
  /** The places of one holder: a client network ({@link networkOf}), or an account. */
  readonly perHolderMax: number;
  /** A client that is not admitted within this time loses its place. Without it places have no deadline. */
  readonly admissionMs?: number;
}

/** The limit that a client met. */
export type PlaceRefusal = "all" | "holder";

export interface Place {
  /** The client is known now: it no longer takes a place from clients that are not, and is bounded by its caller. */
  admit(): void;
  /** To be called once the client has left; a second call does nothing. */
  release(): void;
}

export interface PlaceOptions {
  /**
   * Ends the client. With it the place may be given to a newer client: where all are taken, the holder with the most loses
   * its oldest, so that one network cannot keep out the others (security S3.4).
   */
  readonly end?: () => void;
  /** Another limit than the usual one; `Infinity` for trusted proxies, which carry many clients. */
  readonly perHolderMax?: number;
}

interface Held {
  readonly end: (() => void) | undefined;
}

/**
 * The places of a port or a resource that clients hold for longer than one request: connections, sockets, event streams,
 * viewers. Every protocol counts them here.
 */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #held = new Map<string, Set<Held>>();
  #size = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Places that are held by clients that are not admitted. */
  get size(): number {
    return this.#size;
  }

  heldBy(holder: string): number {
    return this.#held.get(holder)?.size ?? 0;
  }

  take(holder: string, { end, perHolderMax = this.#limits.perHolderMax }: PlaceOptions = {}): Place | PlaceRefusal {
    if (this.heldBy(holder) >= perHolderMax) return "holder";
    if (this.#size >= this.#limits.max && !this.#displace()) return "all";
    const held: Held = { end };
    this.#add(holder, held);
    const { admissionMs } = this.#limits;
    const timer = end && admissionMs !== undefined ? setTimeout(end, admissionMs).unref() : undefined;
    const remove = () => {
      clearTimeout(timer);
      this.#remove(holder, held);
    };
    return { admit: remove, release: remove };
  }

  #displace(): boolean {
    let largest: [string, Set<Held>] | undefined;
    for (const entry of this.#held) if (entry[1].size > (largest?.[1].size ?? 0)) largest = entry;
    if (!largest) return false;
    const [holder, places] = largest;
    for (const held of places) {
      if (!held.end) continue;
      this.#remove(holder, held);
      held.end();
      return true;
    }
    return false;
  }

  #add(holder: string, held: Held): void {
    const places = this.#held.get(holder) ?? new Set();
    this.#held.set(holder, places.add(held));
    this.#size++;
  }

  #remove(holder: string, held: Held): void {
    const places = this.#held.get(holder);
    if (!places?.delete(held)) return;
    this.#size--;
    if (places.size === 0) this.#held.delete(holder);
  }
}
