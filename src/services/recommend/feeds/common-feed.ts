import type { Call, Host, Id } from "#kernel";
import { type FeedPosition, wasServed } from "#policy/feed-position";
import { hotScoreOf } from "#policy/hot-score";
import type { PoolVideo } from "../pool/pool-video.ts";
import type { Exclusions } from "../exclusions/exclusion-store.ts";
import { isIncludedIn } from "../exclusions/included.ts";
import type { Memory } from "../memory.ts";
import { firstOf } from "../pool/sorted-videos.ts";
import type { Tables } from "../store.ts";
import { mixOf, rowsFor } from "./feed-mix.ts";
import * as feedStore from "./feed-store.ts";

/** A video is hot in a feed from this value of its score on: with what it begins with, six views within a day. */
export const hotValueMin = 10;
/** Hot videos behind a position are searched among this many of the hottest. */
const hotLookedAt = 300;

/** The feed that is the same for everybody: the latest videos with hot ones among them. */
export interface CommonFeed {
  readonly page: (
    position: FeedPosition,
    exclusions: Exclusions,
    limit: number,
    call: Call,
  ) => Promise<{
    readonly items: { readonly userId: Id; readonly videoId: Id; readonly isHot: boolean }[];
    readonly next: FeedPosition | null;
  }>;
}

export function createCommonFeed({ db, now }: Pick<Host<Tables>, "db" | "now">, memory: Memory): CommonFeed {
  const scoreMin = () => hotScoreOf(hotValueMin, now());

  /** From the memory of this process. */
  function inMemory(position: FeedPosition, exclusions: Exclusions, limit: number) {
    const { pool } = memory;
    const wanted = rowsFor(limit, position);
    const isOpen = openTo(position, exclusions);
    const { after } = position;
    const start = after ? pool.newest.placeAfter(after.publishedAtMs, after.videoId) : 0;
    const fresh = firstOf(pool.newest.all, wanted.fresh, isOpen, start);
    const least = scoreMin();
    const hot = firstOf(
      pool.hottest.all.slice(0, hotLookedAt),
      wanted.hot,
      (video) => video.hotScore >= least && isBehind(video, after) && isOpen(video),
    );
    return { fresh, hot };
  }

  /** From the tables, where the memory is not filled yet. */
  async function fromTables(position: FeedPosition, exclusions: Exclusions, limit: number, call: Call) {
    const reader = db.read(call);
    const wanted = rowsFor(limit, position);
    const isNew = ({ videoId }: feedStore.Row) => !wasServed(position, videoId);
    const [fresh, hot] = await Promise.all([
      freshRows(reader, position, exclusions, wanted.fresh),
      feedStore.hot(reader, position, exclusions, { limit: wanted.hot, scoreMin: scoreMin() }),
    ]);
    return { fresh, hot: hot.filter(isNew) };
  }

  return {
    async page(position: FeedPosition, exclusions: Exclusions, limit: number, call: Call) {
      const rows = memory.isFilled
        ? inMemory(position, exclusions, limit)
        : await fromTables(position, exclusions, limit, call);
      const { items, next } = mixOf(position, rows, limit);
      const authors = new Map([...rows.fresh, ...rows.hot].map(({ videoId, userId }) => [videoId, userId]));
      return { items: items.map((item) => ({ ...item, userId: authors.get(item.videoId) ?? 0 })), next };
    },
  };
}

const isBehind = ({ publishedAtMs, videoId }: PoolVideo, after: FeedPosition["after"]): boolean =>
  after === undefined ||
  publishedAtMs < after.publishedAtMs ||
  (publishedAtMs === after.publishedAtMs && videoId < after.videoId);

/** A test for videos that a feed may have at this position. */
export function openTo(position: FeedPosition, exclusions: Exclusions): (video: PoolVideo) => boolean {
  const isIncluded = isIncludedIn(exclusions);
  return (video) => !wasServed(position, video.videoId) && isIncluded(video);
}

/** The videos behind a position that were not taken, as many as are wanted or there are. */
async function freshRows(
  reader: Parameters<typeof feedStore.fresh>[0],
  position: FeedPosition,
  exclusions: Exclusions,
  wanted: number,
): Promise<feedStore.Row[]> {
  const rows: feedStore.Row[] = [];
  for (let { after } = position; ; ) {
    const batch = await feedStore.fresh(reader, { ...position, after }, exclusions, wanted);
    rows.push(...batch.filter(({ videoId }) => !wasServed(position, videoId)));
    if (rows.length >= wanted || batch.length < wanted) return rows.slice(0, wanted);
    after = batch.at(-1);
  }
}
