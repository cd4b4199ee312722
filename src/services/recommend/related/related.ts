import type { Call, Host, Id } from "#kernel";
import { feedStart } from "#policy/feed-position";
import { hotScoreOf } from "#policy/hot-score";
import type { PoolVideo } from "../pool/pool-video.ts";
import { tagKeysOf } from "../candidate.ts";
import type { FindExclusions } from "../exclusions/exclusions.ts";
import { hotValueMin, openTo } from "../feeds/common-feed.ts";
import { neighboursOf } from "../learner/neighbours.ts";
import type { Models } from "../model/models.ts";
import type { Memory } from "../memory.ts";
import { firstOf } from "../pool/sorted-videos.ts";
import type { VideoPool } from "../pool/video-pool.ts";
import type { Tables } from "../store.ts";
import { createVisibleVideo } from "../visible-video.ts";
import { relatedOf } from "./order.ts";

/** More of an author would crowd out the rest. */
const authoredMax = 20;
/** For a tag with more videos than this, only the hottest are considered. */
const perTagMax = 200;
/** Three viewers in common at least: each weighs 1 / √2 at most. */
const visitsMin = 1.5;

type RelatedHost = Pick<Host<Tables>, "client" | "call" | "log" | "now">;

interface RelatedParts {
  readonly findExclusions: FindExclusions;
  readonly memory: Memory;
  readonly models: Models;
}

/** Videos to watch after one: by the neighbours, tags and author that feeds go by as well. */
export function createRelatedVideos(host: RelatedHost, { findExclusions, memory, models }: RelatedParts) {
  const { now, log } = host;
  const visibleVideo = createVisibleVideo(host);

  return {
    related: async ({ id, limit }: { readonly id: Id; readonly limit: number }, call: Call) => {
      const [video, exclusions] = await Promise.all([visibleVideo(id, call), findExclusions(call), memory.refresh()]);
      models.refresh().catch((error: unknown) => log.warn("models could not be looked for", { err: error }));
      const { pool, learner } = memory;
      const nowMs = now();
      const isIncluded = openTo(feedStart, exclusions);
      const isOpen = (candidate: PoolVideo | undefined): candidate is PoolVideo =>
        candidate !== undefined && candidate.videoId !== id && isIncluded(candidate);
      const similar = new Map<Id, number>();
      const model = models.for(call.userId ?? 0);
      for (const [videoId, score] of neighboursOf(id, { learner, model, nowMs, visitsMin }))
        if (isOpen(pool.get(videoId))) similar.set(videoId, (similar.get(videoId) ?? 0) + score);
      const scoreMin = hotScoreOf(hotValueMin, nowMs);
      const neighbours = {
        tagged: taggedLike(tagKeysOf(video), pool, isOpen),
        authored: idsOf(pool.byAuthor(video.userId).filter(isOpen).slice(0, authoredMax)),
        similar,
        hottest: firstOf(pool.hottest.all, limit, isOpen).map(({ videoId, hotScore }) => ({
          videoId,
          isHot: hotScore >= scoreMin,
        })),
      };
      return { items: relatedOf(neighbours, limit) };
    },
  };
}

/** Videos with some of these tags, by the rarity of the tags: 1 / ln(1 + videos of the tag). */
function taggedLike(tags: readonly string[], pool: VideoPool, isOpen: (video: PoolVideo) => boolean): Map<Id, number> {
  const rarities = new Map<Id, number>();
  for (const tag of tags) {
    const videos = pool.withTag(tag);
    const rarity = 1 / Math.log(1 + Math.max(2, videos.length));
    for (const video of videos.slice(0, perTagMax))
      if (isOpen(video)) rarities.set(video.videoId, (rarities.get(video.videoId) ?? 0) + rarity);
  }
  return rarities;
}

const idsOf = (videos: readonly PoolVideo[]): Id[] => videos.map(({ videoId }) => videoId);
