import type { Id } from "#kernel";
import { type FeedPosition, type FeedRow, servedMax, addServed } from "#policy/feed-position";

/**
 * One of this many places is for a hot video: the second, so that each page has a place in the order of publication.
 */
const hotEvery = 3;
const hotPlace = 1;

/** How many rows of each kind a page is made of; of the fresh ones the rest shows whether there is more. */
export function rowsFor(
  limit: number,
  { servedCount }: FeedPosition,
): { readonly hot: number; readonly fresh: number } {
  const hot = Math.min(Math.floor((limit + hotEvery - 1 - hotPlace) / hotEvery), Math.max(0, servedMax - servedCount));
  return { hot, fresh: limit + 1 + hot };
}

interface FeedPage {
  readonly items: readonly { readonly videoId: Id; readonly isHot: boolean }[];
  readonly next: FeedPosition | null;
}

/**
 * One page of a feed: the latest videos in the order of publication, with a hot one from behind the position in every
 * third place. A feed has each video that was there at its beginning once, in its place or earlier as a hot one,
 * however scores change. Videos that are published later are in another feed. Pure.
 * @param fresh the videos behind the position that are not taken, the latest first, as many as {@link rowsFor} says
 * @param hot some of all videos behind the position that are not taken, the hottest first
 */
export function mixOf(
  position: FeedPosition,
  { fresh, hot }: { readonly fresh: readonly FeedRow[]; readonly hot: readonly { readonly videoId: Id }[] },
  limit: number,
): FeedPage {
  const wanted = rowsFor(limit, position);
  const hotOnes = hot.slice(0, wanted.hot);
  const hotIds = new Set<Id>();
  const items: { videoId: Id; isHot: boolean }[] = [];
  const passed = new Set<Id>();
  let { after } = position;
  while (items.length < limit) {
    const nextHot = hotOnes.find(({ videoId }) => !hotIds.has(videoId) && !passed.has(videoId));
    if (nextHot && items.length % hotEvery === hotPlace) {
      hotIds.add(nextHot.videoId);
      items.push({ videoId: nextHot.videoId, isHot: true });
      continue;
    }
    const next = fresh[passed.size];
    if (!next) break;
    after = next;
    passed.add(next.videoId);
    if (!hotIds.has(next.videoId)) items.push({ videoId: next.videoId, isHot: false });
  }
  const isMore = fresh.slice(passed.size).some(({ videoId }) => !hotIds.has(videoId));
  const below = [...hotIds].filter((id) => !passed.has(id));
  const next = isMore && after ? addServed({ ...position, after }, below) : null;
  return { items, next };
}
