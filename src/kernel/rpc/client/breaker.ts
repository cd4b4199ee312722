const slotMs = 1_000;
const slotsKept = 10;
const callsMin = 20;
const failedRatio = 0.5;
const openMs = 2_000;

/** How many calls ended within one second. */
interface Slot {
  readonly at: number;
  fine: number;
  failed: number;
}

type Kind = "call" | "stream";

/** The evidence of a call or stream about the instance; `unknown` where its caller went away. */
export type Outcome = "fine" | "failed" | "unknown";

/**
 * Stops asking an instance that hardly ever answers: after half of at least twenty calls of ten seconds failed, nothing is
 * asked for two seconds; then a call every two seconds tries, and the first that succeeds closes it (reliability F14).
 */
export class Breaker {
  readonly #now: () => number;
  /** The last seconds in which calls ended, the latest last. */
  #slots: Slot[] = [];
  /** Undefined while it is closed. */
  #openUntil: number | undefined;
  /** When the next call may try. */
  #trialAt = 0;
  #openings = 0;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** True if one may go out now. Streams are no trials, as they may stay silent for hours: they wait for the open time alone. */
  admits(kind: Kind): boolean {
    if (this.#openUntil === undefined) return true;
    return this.#now() >= (kind === "call" ? Math.max(this.#openUntil, this.#trialAt) : this.#openUntil);
  }

  /** Lets one out that {@link admits} allowed, and yields what {@link record} asks for with its outcome. */
  begin(kind: Kind): number {
    if (kind === "call" && this.#openUntil !== undefined) this.#trialAt = this.#now() + openMs;
    return this.#openings;
  }

  /** @param openings what {@link begin} yielded: calls that began before it opened say nothing about now. */
  record(openings: number, outcome: Outcome): void {
    if (openings !== this.#openings) return;
    const now = this.#now();
    if (this.#openUntil === undefined) {
      if (outcome !== "unknown") this.#count(now, outcome);
    } else if (outcome === "unknown") this.#trialAt = now;
    else {
      this.#openUntil = outcome === "fine" ? undefined : now + openMs;
      if (outcome === "fine") this.#slots = [];
    }
  }

  #count(now: number, outcome: "fine" | "failed"): void {
    const at = Math.floor(now / slotMs);
    let slot = this.#slots.at(-1);
    if (slot?.at !== at) {
      slot = { at, fine: 0, failed: 0 };
      this.#slots = [...this.#slots.filter((kept) => kept.at > at - slotsKept), slot];
    }
    slot[outcome] += 1;
    if (outcome === "fine" || !this.#isTooBad()) return;
    this.#openUntil = now + openMs;
    this.#openings += 1;
  }

  #isTooBad(): boolean {
    const failed = this.#slots.reduce((sum, slot) => sum + slot.failed, 0);
    const all = this.#slots.reduce((sum, slot) => sum + slot.fine, failed);
    return all >= callsMin && failed / all >= failedRatio;
  }
}
