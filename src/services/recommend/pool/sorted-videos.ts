import type { PoolVideo } from "./pool-video.ts";

/**
 * Videos by a number of theirs, the highest first; of two alike the later id. Changes are gathered and sorted in when
 * the list is read: one sort for a thousand views.
 */
export class SortedVideos {
  readonly #by: (video: PoolVideo) => number;
  #sorted: PoolVideo[] = [];
  readonly #added = new Set<PoolVideo>();
  readonly #deleted = new Set<PoolVideo>();

  constructor(by: (video: PoolVideo) => number) {
    this.#by = by;
  }

  add(video: PoolVideo): void {
    this.#added.add(video);
  }

  delete(video: PoolVideo): void {
    if (!this.#added.delete(video)) this.#deleted.add(video);
  }

  get all(): readonly PoolVideo[] {
    if (this.#added.size + this.#deleted.size > 0) this.#merge();
    return this.#sorted;
  }

  /** The place of the first video that comes after a video with this key and id. */
  placeAfter(key: number, videoId: number): number {
    const all = this.all;
    let [from, to] = [0, all.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const candidate = all[middle];
      if (candidate !== undefined && this.#compare(candidate, key, videoId) <= 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Below 0 where the video comes before one with this key and id. */
  #compare(video: PoolVideo, key: number, videoId: number): number {
    return key - this.#by(video) || videoId - video.videoId;
  }

  #merge(): void {
    const added = [...this.#added].toSorted((a, b) => this.#by(b) - this.#by(a) || b.videoId - a.videoId);
    const merged: PoolVideo[] = [];
    let next = 0;
    for (const video of this.#sorted) {
      if (this.#deleted.has(video)) continue;
      for (; next < added.length; next++) {
        const before = added[next];
        if (before === undefined || this.#compare(before, this.#by(video), video.videoId) > 0) break;
        merged.push(before);
      }
      merged.push(video);
    }
    for (; next < added.length; next++) {
      const last = added[next];
      if (last) merged.push(last);
    }
    this.#sorted = merged;
    this.#added.clear();
    this.#deleted.clear();
  }
}

/** The first open ones from a place on, so many at most. */
export function firstOf(
  videos: readonly PoolVideo[],
  count: number,
  isOpen: (video: PoolVideo) => boolean,
  start = 0,
): PoolVideo[] {
  const first: PoolVideo[] = [];
  for (let place = start; place < videos.length && first.length < count; place++) {
    const video = videos[place];
    if (video && isOpen(video)) first.push(video);
  }
  return first;
}
