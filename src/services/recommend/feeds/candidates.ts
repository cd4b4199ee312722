import type { Id } from "#kernel";
import type { PoolVideo, VideoPool } from "../pool/video-pool.ts";
import { lengthOf } from "../viewers/interests.ts";
import type { Weights } from "../viewers/viewer-store.ts";
import type { Choice } from "./slate.ts";
import type { Taste } from "./taste.ts";

/** Why a video may be in a feed. */
export type Source = "similar" | "content" | "follow" | "hot" | "fresh";

export interface Candidate extends Choice {
  readonly source: Source;
  /** The tag that counts most, where that is why. */
  readonly tag: string | null;
}

/** How many each source gives. */
const counts = {
  similar: 200,
  tags: 12,
  perTag: 30,
  authors: 8,
  perAuthor: 10,
  follow: 60,
  perFollow: 5,
  hot: 100,
  fresh: 60,
};
/** What each source is worth at its best. */
const worth = { similar: 0.9, content: 0.6, follow: 0.6, hot: 0.5, fresh: 0.3 } as const;
const freshHalfLifeMs = 3 * 24 * 3_600_000;
/** A video as hot as the place of this one in the list of the hottest is not hot. */
const coolPlace = 200;

interface Viewer {
  readonly taste: Taste;
  readonly followedIds: readonly Id[];
  readonly weights: Weights;
}

interface CandidateParts {
  readonly pool: VideoPool;
  /** Whether the feed may have it. */
  readonly isOpen: (video: PoolVideo) => boolean;
  /** From this score on a video is hot. */
  readonly hotScoreMin: number;
  readonly nowMs: number;
}

/** Videos that a viewer may like, from all sources; each once, with its score. Pure. */
export function candidatesFor(
  { taste, followedIds, weights }: Viewer,
  { pool, isOpen, hotScoreMin, nowMs }: CandidateParts,
): Candidate[] {
  const followed = new Set(followedIds);
  const by = factorsOf(weights);
  const hottest = pool.hottest.all;
  const [top = 0, cool = 0] = [hottest[0]?.hotScore, hottest[Math.min(coolPlace, hottest.length - 1)]?.hotScore];
  const videos = new Map<Id, PoolVideo>();
  for (const video of sourcesOf(taste, followedIds, pool)) if (isOpen(video)) videos.set(video.videoId, video);
  return Array.from(videos.values(), (video): Candidate => {
    const tags = video.tags.map((tag) => taste.tags.get(tag) ?? 0);
    const best = tags.reduce((max, weight) => Math.max(max, weight), 0);
    const author = 0.5 * (taste.authors.get(video.userId) ?? 0);
    const length = 0.1 * (taste.lengths.get(lengthOf(video.durationMs)) ?? 0);
    const content = clamp(best + author + length + dislike(tags));
    const parts: Record<Source, number> = {
      similar: by.similar * worth.similar * clamp(taste.similar.get(video.videoId) ?? 0),
      content: by.similar * worth.content * content,
      follow: followed.has(video.userId) ? by.following * worth.follow : 0,
      hot: by.popular * worth.hot * clamp((video.hotScore - cool) / Math.max(1, top - cool)),
      fresh: by.fresh * worth.fresh * 2 ** (-Math.max(0, nowMs - video.publishedAtMs) / freshHalfLifeMs),
    };
    const score = parts.similar + parts.content + parts.follow + parts.hot + parts.fresh;
    const source = reasonOf(parts, video.hotScore >= hotScoreMin);
    const tag = source === "content" && best > 0 ? (video.tags[tags.indexOf(best)] ?? null) : null;
    return { video, score, source, tag };
  });
}

/** A step of a weight doubles or halves. */
const factorsOf = ({ fresh, following, popular, similar }: Weights): Weights => ({
  fresh: 2 ** fresh,
  following: 2 ** following,
  popular: 2 ** popular,
  similar: 2 ** similar,
});

function* sourcesOf(taste: Taste, followedIds: readonly Id[], pool: VideoPool): Iterable<PoolVideo> {
  for (const [videoId] of best(taste.similar, counts.similar)) {
    const video = pool.get(videoId);
    if (video) yield video;
  }
  for (const [tag] of best(taste.tags, counts.tags)) yield* pool.tagged(tag).slice(0, counts.perTag);
  for (const [userId] of best(taste.authors, counts.authors)) yield* pool.authored(userId).slice(0, counts.perAuthor);
  const latest = followedIds.flatMap((userId) => pool.authored(userId).slice(0, counts.perFollow));
  yield* latest.toSorted((a, b) => b.publishedAtMs - a.publishedAtMs).slice(0, counts.follow);
  yield* pool.hottest.all.slice(0, counts.hot);
  yield* pool.newest.all.slice(0, counts.fresh);
}

/** The entries above 0, the highest first. */
const best = <K>(scores: ReadonlyMap<K, number>, count: number): [K, number][] =>
  [...scores]
    .filter(([, score]) => score > 0)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count);

/** What tags that a viewer skips take away. */
const dislike = (tags: readonly number[]): number => Math.min(0, ...tags);
const clamp = (value: number): number => Math.max(-1, Math.min(1, value));

function reasonOf(parts: Readonly<Record<Source, number>>, isHot: boolean): Source {
  // Following is a fact the viewer knows of; the others are as strong as they are.
  if (parts.follow > 0) return "follow";
  const order = ["similar", "content", "hot", "fresh"] as const;
  const most = order.reduce((max: Source, one) => (parts[one] > parts[max] ? one : max), "similar");
  // The most watched video of a quiet site is not hot.
  return most === "hot" && !isHot ? "fresh" : most;
}
