/** Attempts at one place of a video. */
const attemptsMax = 3;
/** So far behind a place, faults have nothing to do with it. */
const placeS = 10;

/** The attempts to go on after errors: a few at each place, as a video that gets on may meet many in its hours. */
export class Recoveries {
  #attempts = 0;
  #fromS = 0;

  /** The number of the attempt to go on at this time of the video, from 1; undefined where there were enough. */
  next(timeS: number): number | undefined {
    if (Math.abs(timeS - this.#fromS) > placeS) this.#attempts = 0;
    if (this.#attempts === 0) this.#fromS = timeS;
    this.#attempts += 1;
    return this.#attempts > attemptsMax ? undefined : this.#attempts;
  }
}
