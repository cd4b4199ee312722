import { ticksPerSecond } from "../frames/frame.ts";

const ticksPerMs = ticksPerSecond / 1_000;

/** The last position of a stream whose process has ended, for another process to continue it. */
export interface ResumePoint {
  /** Higher than any number that was used. */
  readonly msn: number;
  readonly generation: number;
  /** 90 kHz ticks of output time that have passed. */
  readonly endTicks: number;
  /** Discontinuities so far. */
  readonly discontinuities: number;
}

/** The newest segment and headers, and the end of what has been packaged, in milliseconds of output time. */
export interface ReachedPoint {
  readonly msn: number;
  readonly generation: number;
  readonly endMs: number;
  /** The discontinuities so far, including that of the next segment where it is one. */
  readonly discontinuities: number;
}

/** Numbers of segments, headers and discontinuities of a stream. They only rise, over all its publishers and processes. */
export class OutputNumbers {
  #msn = -1;
  #generation = -1;
  #discontinuities = 0;
  /** The next segment does not follow from the one before. */
  #isDiscontinuous = false;
  #endTicks = 0;

  constructor(resume: ResumePoint | undefined) {
    if (!resume) return;
    this.#msn = resume.msn - 1;
    this.#generation = resume.generation - 1;
    this.#endTicks = resume.endTicks;
    this.#discontinuities = resume.discontinuities;
    this.#isDiscontinuous = true;
  }

  /** The end of all that was packaged until the last interruption, in 90 kHz ticks of output time. */
  get endTicks(): number {
    return this.#endTicks;
  }

  /** `endTicks`: the end of the segment that is open. */
  reachedPoint(endTicks: number): ReachedPoint {
    return {
      msn: this.#msn,
      generation: this.#generation,
      endMs: Math.ceil(Math.max(this.#endTicks, endTicks) / ticksPerMs),
      discontinuities: this.#discontinuities + (this.#isDiscontinuous ? 1 : 0),
    };
  }

  /** The next segment will not follow from what was packaged until `endTicks`. */
  interrupt(endTicks: number): void {
    this.#endTicks = Math.max(this.#endTicks, endTicks);
    this.#isDiscontinuous = true;
  }

  /** The number of further headers. */
  beginGeneration(): number {
    return ++this.#generation;
  }

  /** The numbers of a further segment. */
  beginSegment() {
    const isDiscontinuous = this.#isDiscontinuous;
    this.#isDiscontinuous = false;
    if (isDiscontinuous) this.#discontinuities++;
    return {
      msn: ++this.#msn,
      generation: this.#generation,
      isDiscontinuous,
      discontinuities: this.#discontinuities,
    };
  }
}
