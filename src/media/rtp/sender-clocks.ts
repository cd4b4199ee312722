import { ticksPerSecond } from "../frames/frame.ts";
import { unwrap } from "./packet.ts";

const ticksPerMs = ticksPerSecond / 1_000;
/** A smaller correction cannot be noticed, and would move the sound for nothing. */
const correctionMin = 10 * ticksPerMs;
/** A larger one is confirmed by the next report of its kind: a sender that was held up states times that it had before. */
const correctionUnconfirmedMax = 200 * ticksPerMs;
/** A report that is further off is not about the packets that came. */
const correctionMax = 5 * ticksPerSecond;

type Kind = "video" | "audio";

interface Clock {
  /** Hertz. */
  readonly rate: number;
  /** The newest timestamp without wraps. */
  last: number | undefined;
  /** Ticks from the timestamp to the common clock. */
  offset: number;
  /** Ticks from the timestamp to the publisher's wall clock, by its newest sender report. */
  wall: number | undefined;
}

/**
 * Times of pictures and sound on one clock. Each codec counts from a number of its own: at first what arrives together
 * belongs together, then sender reports (RFC 3550 §6.4.1) say how the two relate.
 */
export class SenderClocks {
  /** An offset of the sound that is too far off to be believed at first, and the kind of the report that said it. */
  #unconfirmed: { readonly kind: Kind; readonly offset: number } | undefined;
  readonly #clocks: Record<Kind, Clock> = {
    video: { rate: ticksPerSecond, last: undefined, offset: 0, wall: undefined },
    audio: { rate: 48_000, last: undefined, offset: 0, wall: undefined },
  };

  /** Ticks of a packet's timestamp; `nowMs` is when it came. */
  ticks(kind: Kind, timestamp: number, nowMs: number): number {
    const clock = this.#clocks[kind];
    const isFirst = clock.last === undefined;
    clock.last = unwrap(timestamp, clock.last, 32);
    const ticks = ticksOf(clock, clock.last);
    if (isFirst) clock.offset = Math.round(nowMs * ticksPerMs) - ticks;
    return ticks + clock.offset;
  }

  /** A sender report. `ntp`: 64 bits, seconds since 1900 in the upper half. */
  report(kind: Kind, ntp: bigint, timestamp: number): void {
    const clock = this.#clocks[kind];
    if (clock.last === undefined) return;
    const wallTicks = Number(ntp >> 32n) * ticksPerSecond + (Number(ntp & 0xff_ff_ff_ffn) / 2 ** 32) * ticksPerSecond;
    clock.wall = Math.round(wallTicks) - ticksOf(clock, unwrap(timestamp, clock.last, 32));
    const { video, audio } = this.#clocks;
    if (video.wall === undefined || audio.wall === undefined) return;
    // The sound follows the pictures, of which segments are cut.
    const offset = video.offset + audio.wall - video.wall;
    const correction = Math.abs(offset - audio.offset);
    if (correction < correctionMin || correction > correctionMax) this.#unconfirmed = undefined;
    else if (correction <= correctionUnconfirmedMax || this.#isConfirmed(kind, offset)) {
      audio.offset = offset;
      this.#unconfirmed = undefined;
    } else if (this.#unconfirmed === undefined || this.#unconfirmed.kind === kind) this.#unconfirmed = { kind, offset };
  }

  #isConfirmed(kind: Kind, offset: number): boolean {
    const said = this.#unconfirmed;
    return said?.kind === kind && Math.abs(offset - said.offset) <= correctionUnconfirmedMax;
  }
}

const ticksOf = ({ rate }: Clock, timestamp: number): number => Math.round((timestamp * ticksPerSecond) / rate);
