import type { Id } from "#kernel";
import type { PoolVideo } from "./pool-video.ts";
import { SortedVideos } from "./sorted-videos.ts";

/** How often feeds serve a new video before what viewers did with it decides alone. */
export const impressionBudget = 50;
/** A video is new for this long. */
export const newMs = 14 * 24 * 3_600_000;

const none: readonly PoolVideo[] = [];

/** All public videos in memory: by publication, by hot score, by tag and by author. */
export class VideoPool {
  readonly #byId = new Map<Id, PoolVideo>();
  readonly #newest = new SortedVideos((video) => video.publishedAtMs);
  readonly #hottest = new SortedVideos((video) => video.hotScore);
  readonly #byTag = new Map<string, SortedVideos>();
  readonly #byAuthor = new Map<Id, SortedVideos>();
  #unproven: readonly PoolVideo[] | undefined;

  get size(): number {
    return this.#byId.size;
  }
  get(videoId: Id): PoolVideo | undefined {
    return this.#byId.get(videoId);
  }
  /** The latest published first. */
  get newest(): SortedVideos {
    return this.#newest;
  }
  /** The highest hot score first. */
  get hottest(): SortedVideos {
    return this.#hottest;
  }
  /** Videos with a tag, by its key; the hottest first. */
  withTag(tag: string): readonly PoolVideo[] {
    return this.#byTag.get(tag)?.all ?? none;
  }
  /** Videos of an author, the latest first. */
  byAuthor(userId: Id): readonly PoolVideo[] {
    return this.#byAuthor.get(userId)?.all ?? none;
  }

  /** New videos that feeds have not served as often as each is due, the latest first. */
  unproven(nowMs: number): readonly PoolVideo[] {
    this.#unproven ??= this.#newest.all
      .slice(0, this.#newest.placeAfter(nowMs - newMs, 0))
      .filter(({ impressionCount }) => impressionCount < impressionBudget);
    return this.#unproven;
  }

  put(video: PoolVideo): void {
    this.remove(video.videoId);
    this.#unproven = undefined;
    this.#byId.set(video.videoId, video);
    this.#newest.add(video);
    this.#hottest.add(video);
    for (const tag of video.tags) listOf(this.#byTag, tag, (candidate) => candidate.hotScore).add(video);
    listOf(this.#byAuthor, video.userId, (candidate) => candidate.publishedAtMs).add(video);
  }

  remove(videoId: Id): void {
    const video = this.#byId.get(videoId);
    if (!video) return;
    this.#unproven = undefined;
    this.#byId.delete(videoId);
    this.#newest.delete(video);
    this.#hottest.delete(video);
    for (const tag of video.tags) leave(this.#byTag, tag, video);
    leave(this.#byAuthor, video.userId, video);
  }
}

function listOf<K>(lists: Map<K, SortedVideos>, key: K, by: (video: PoolVideo) => number): SortedVideos {
  const list = lists.get(key) ?? new SortedVideos(by);
  lists.set(key, list);
  return list;
}
function leave<K>(lists: Map<K, SortedVideos>, key: K, video: PoolVideo): void {
  const list = lists.get(key);
  list?.delete(video);
  if (list?.all.length === 0) lists.delete(key);
}
