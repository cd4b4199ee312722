/** Between two fragments of a live stream pass a few seconds at most. */
const idleMsMax = 6_000;
/** A slow line takes longer over one than a player that asks for none. */
const loadingMsMax = 30_000;
/** The longest time between two playlists: a stream that goes on has one with each part. */
const playlistMsMax = 4_000;
/** With so much ahead a player may wait, as where it is paused. In seconds. */
const aheadS = 1;

/**
 * Says when a player has come to a standstill: playlists come, nothing is left to play, and it asks for no fragment. A
 * rendition that ends behind a discontinuity which the sound has passed does this to hls.js: each track waits for the
 * other. Pure; `nowMs` is of a clock that never goes back.
 */
export class Standstill {
  #fragmentMs: number;
  #isLoading = false;
  #playlistMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: number) {
    this.#fragmentMs = nowMs;
  }

  playlistCame(nowMs: number): void {
    this.#playlistMs = nowMs;
  }

  fragmentAsked(nowMs: number): void {
    this.#fragmentMs = nowMs;
    this.#isLoading = true;
  }

  /** It is there, or is waited for no longer. */
  fragmentCame(nowMs: number): void {
    this.#fragmentMs = nowMs;
    this.#isLoading = false;
  }

  /** `leftS`: what is buffered ahead of the picture. True once; then the player has its time again. */
  isReached(leftS: number, nowMs: number): boolean {
    if (leftS >= aheadS || nowMs - this.#playlistMs > playlistMsMax) return false;
    if (nowMs - this.#fragmentMs <= (this.#isLoading ? loadingMsMax : idleMsMax)) return false;
    this.fragmentCame(nowMs);
    return true;
  }
}
