/** Attempts at one position. */
const attemptsMax = 3;
/** Errors further apart in the video are unrelated, in seconds. */
const unrelatedS = 10;

/** Counts the attempts to recover from playback errors. They are limited at each position, not for the whole video. */
export class Recoveries {
  #attempts = 0;
  #fromS = 0;

  /** The number of the attempt at this position in seconds, from 1. Undefined when there were too many. */
  next(timeS: number): number | undefined {
    if (Math.abs(timeS - this.#fromS) > unrelatedS) this.#attempts = 0;
    if (this.#attempts === 0) this.#fromS = timeS;
    this.#attempts += 1;
    return this.#attempts > attemptsMax ? undefined : this.#attempts;
  }
}
