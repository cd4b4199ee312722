import { crossingS, type Flown, laneOf } from "./lanes.ts";

/** A message on its way across the picture. */
export interface Flying<Picture> {
  readonly picture: Picture;
  readonly flown: Flown;
  readonly lane: number;
}

/** Messages that wait for a lane longer than this are not shown. */
const patienceS = 2;
const waitingMax = 30;

/** Gives messages that come one after the other lanes in which they never touch; times are in seconds of one clock. */
export class Flight<Picture extends { readonly width: number }> {
  #flying: readonly Flying<Picture>[] = [];
  #waiting: { readonly picture: Picture; readonly sinceS: number }[] = [];
  #lanes: (Flown | undefined)[] = [];

  /** Another size of the picture: what flies begins anew. */
  clear(laneCount: number): void {
    this.#flying = [];
    this.#lanes = Array.from({ length: laneCount }, () => undefined);
  }

  add(picture: Picture, nowS: number): void {
    this.#waiting.push({ picture, sinceS: nowS });
    if (this.#waiting.length > waitingMax) this.#waiting.shift();
  }

  /** The messages that fly now. `ratio` is the pixels of a picture for one of the page. */
  at(nowS: number, viewPx: number, ratio: number): readonly Flying<Picture>[] {
    this.#flying = this.#flying.filter(({ flown }) => nowS - flown.startS < crossingS);
    this.#waiting = this.#waiting.filter(({ picture, sinceS }) => {
      if (nowS - sinceS > patienceS) return false;
      const flown = { startS: nowS, widthPx: picture.width / ratio };
      const lane = laneOf(this.#lanes, flown, viewPx);
      if (lane === undefined) return true;
      this.#lanes[lane] = flown;
      this.#flying = [...this.#flying, { picture, flown, lane }];
      return false;
    });
    return this.#flying;
  }

  get isEmpty(): boolean {
    return this.#flying.length === 0 && this.#waiting.length === 0;
  }
}
