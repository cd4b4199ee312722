import type { Head } from "./track-window.ts";

/** `_HLS_msn` and `_HLS_part` of a playlist request, as they were written. */
export interface ReloadDirectives {
  readonly msn?: string | undefined;
  readonly part?: string | undefined;
}

/** A place in a track: a segment, or with `part` one of its parts. */
export interface Place {
  readonly msn: number;
  readonly part?: number;
}

export type Admission =
  | { readonly kind: "now" }
  | { readonly kind: "wait"; readonly place: Place }
  | { readonly kind: "refused"; readonly reason: "bad_number" | "part_without_msn" | "too_far_ahead" };

const now: Admission = { kind: "now" };
const refuse = (reason: "bad_number" | "part_without_msn" | "too_far_ahead"): Admission => ({
  kind: "refused",
  reason,
});
/** §6.2.5.2: a server refuses what is further ahead, or players would park their requests for ever. */
const segmentsAheadMax = 2;

/**
 * Decides if a playlist request is answered now, later or never (draft-pantos-hls-rfc8216bis §6.2.5.2). `partsOf`
 * counts the parts of a segment so far; undefined for a segment that is no longer in the window.
 */
export function admitReload(
  directives: ReloadDirectives,
  head: Head,
  partsOf: (msn: number) => number | undefined,
  partTargetMs: number,
): Admission {
  if (directives.msn === undefined) return directives.part === undefined ? now : refuse("part_without_msn");
  const msn = numberOf(directives.msn);
  const part = directives.part === undefined ? undefined : numberOf(directives.part);
  if (Number.isNaN(msn) || Number.isNaN(part)) return refuse("bad_number");
  if (head.isEnded) return now;
  if (msn > head.msn + segmentsAheadMax) return refuse("too_far_ahead");
  const place = part === undefined ? { msn } : { msn, part };
  if (isReached(place, head, partsOf)) return now;
  const ahead = part === undefined ? 0 : part - (msn === head.msn ? head.parts : msn < head.msn ? part : 0);
  return ahead >= partsAheadMax(partTargetMs) ? refuse("too_far_ahead") : { kind: "wait", place };
}

/** Advance Part Limit: three seconds of parts. */
const partsAheadMax = (partTargetMs: number): number => Math.max(3, Math.ceil(3_000 / partTargetMs));

/** True if a playlist that is made now has the place. A part after the last of a segment is the first of the next. */
export function isReached(place: Place, head: Head, partsOf: (msn: number) => number | undefined): boolean {
  const { msn, part } = place;
  if (head.isEnded || msn < head.msn - 1) return true;
  if (msn > head.msn) return false;
  if (msn === head.msn) return part === undefined ? head.isClosed : part < head.parts;
  // The segment before the newest, which has at least one part or is closed itself.
  return part === undefined || part < (partsOf(msn) ?? Number.POSITIVE_INFINITY) || head.parts > 0 || head.isClosed;
}

/** A number of at most nine digits, otherwise `NaN`. */
const numberOf = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN);

interface Waiter {
  readonly place: Place;
  readonly untilMs: number;
  readonly wake: (isReached: boolean) => void;
}

/** Requests of one track that wait for a part. The caller owns the clock. */
export class Waiters {
  readonly #limit: number;
  #waiting = new Set<Waiter>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * `wake` is called once: with true when the place is reached, with false when it was not in time. Answers how to give
   * up waiting, or undefined where too many wait already.
   */
  add(place: Place, untilMs: number, wake: (isReached: boolean) => void): (() => void) | undefined {
    if (this.#waiting.size >= this.#limit) return undefined;
    const waiter = { place, untilMs, wake };
    this.#waiting.add(waiter);
    return () => void this.#waiting.delete(waiter);
  }

  /** Wakes those whose place is reached, after each change of the track. */
  advance(head: Head, partsOf: (msn: number) => number | undefined): void {
    this.#wake((waiter) => (isReached(waiter.place, head, partsOf) ? true : undefined));
  }

  /** Wakes those whose time is over. */
  expire(nowMs: number): void {
    this.#wake(({ untilMs }) => (untilMs <= nowMs ? false : undefined));
  }

  /** `wake` may add waiters: those of this round are taken out first. */
  #wake(decide: (waiter: Waiter) => boolean | undefined): void {
    const woken: [Waiter, boolean][] = [];
    for (const waiter of this.#waiting) {
      const isReached = decide(waiter);
      if (isReached !== undefined) woken.push([waiter, isReached]);
    }
    for (const [waiter] of woken) this.#waiting.delete(waiter);
    for (const [waiter, isReached] of woken) waiter.wake(isReached);
  }
}
