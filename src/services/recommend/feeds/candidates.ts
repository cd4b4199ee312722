import type { Id } from "#kernel";
import type { PoolVideo } from "../pool/pool-video.ts";
import { firstOf } from "../pool/sorted-videos.ts";
import type { VideoPool } from "../pool/video-pool.ts";
import { lengthOf } from "../viewers/interests.ts";
import type { Weights } from "../viewers/viewer-store.ts";
import type { FollowedLikes } from "./followed-likes.ts";
import type { Choice } from "./slate.ts";
import type { Taste } from "./taste.ts";

/** Why a video may be in a feed. */
export type Source = "similar" | "content" | "follow" | "hot" | "fresh";
/** A part of a score. Likes of followed accounts are a part of their own, shown as the source `follow`. */
type Part = Source | "liked";

export interface Candidate extends Choice {
  /** The score from each source. */
  readonly parts: Readonly<Record<Part, number>>;
}

/** How many each source gives. */
const counts = {
  similar: 150,
  tags: 8,
  perTag: 20,
  authors: 6,
  perAuthor: 6,
  follow: 40,
  perFollow: 3,
  liked: 40,
  hot: 60,
  fresh: 40,
};
/** The highest score from each source. */
const worth = { similar: 0.9, content: 0.6, follow: 0.6, liked: 0.5, hot: 0.5, fresh: 0.3 } as const;
const freshHalfLifeMs = 3 * 24 * 3_600_000;
/** A video as hot as the place of this one in the list of the hottest is not hot. */
const coolPlace = 200;

interface Viewer {
  readonly taste: Taste;
  readonly followedIds: readonly Id[];
  readonly likes: FollowedLikes;
  readonly weights: Weights;
}

interface CandidateParts {
  readonly pool: VideoPool;
  /** True if the feed may have the video. */
  readonly isOpen: (video: PoolVideo) => boolean;
  readonly nowMs: number;
}

/** Videos that a viewer may like, from all sources; each once, with its score. Pure. */
export function candidatesFor(
  { taste, followedIds, likes, weights }: Viewer,
  { pool, isOpen, nowMs }: CandidateParts,
): Candidate[] {
  const followed = new Set(followedIds);
  const by = factorsOf(weights);
  const hottest = pool.hottest.all;
  const [top = 0, cool = 0] = [hottest[0]?.hotScore, hottest[Math.min(coolPlace, hottest.length - 1)]?.hotScore];
  const candidates: Candidate[] = [];
  for (const video of new Set(sourcesOf(taste, followedIds, likes, { pool, isOpen }))) {
    if (!isOpen(video)) continue;
    const parts: Record<Part, number> = {
      similar: by.similar * worth.similar * clamp(taste.similar.get(video.videoId) ?? 0),
      content: by.similar * worth.content * contentScore(video, taste),
      follow: followed.has(video.userId) ? by.following * worth.follow : 0,
      liked: by.following * worth.liked * (likes.get(video.videoId)?.strength ?? 0),
      hot: by.popular * worth.hot * clamp((video.hotScore - cool) / Math.max(1, top - cool)),
      fresh: by.fresh * worth.fresh * 2 ** (-Math.max(0, nowMs - video.publishedAtMs) / freshHalfLifeMs),
    };
    const score = parts.similar + parts.content + parts.follow + parts.liked + parts.hot + parts.fresh;
    candidates.push({ video, score, parts });
  }
  return candidates;
}

/** How far a viewer likes the tags, the author and the length of a video: the best tag counts, and the worst one. */
function contentScore({ tags, userId, durationMs }: PoolVideo, taste: Taste): number {
  let [best, worst] = [0, 0];
  for (const tag of tags) {
    const weight = taste.tags.get(tag) ?? 0;
    if (weight > best) best = weight;
    else if (weight < worst) worst = weight;
  }
  const author = taste.authors.get(userId) ?? 0;
  const length = taste.lengths.get(lengthOf(durationMs)) ?? 0;
  return clamp(best + worst + 0.5 * author + 0.1 * length);
}

interface ReasonParts {
  readonly taste: Taste;
  readonly likes: FollowedLikes;
  /** From this score on a video is hot. */
  readonly hotScoreMin: number;
}
/** Why a video is in a feed, and the tag or the likes of followed accounts where that is why. */
export interface Why {
  readonly reason: Source;
  readonly tag: string | null;
  readonly likedByIds?: readonly Id[];
}

/** Why a video is in a feed. Pure. */
export function reasonOf({ video, parts }: Candidate, { taste, likes, hotScoreMin }: ReasonParts): Why {
  const source = strongest(parts);
  if (source === "liked") return { reason: "follow", tag: null, likedByIds: likes.get(video.videoId)?.userIds ?? [] };
  // The most watched video of a quiet site is not hot.
  const reason = source === "hot" && video.hotScore < hotScoreMin ? "fresh" : source;
  if (reason !== "content") return { reason, tag: null };
  const weightOf = (tag: string) => taste.tags.get(tag) ?? 0;
  const [tag] = video.tags.toSorted((a, b) => weightOf(b) - weightOf(a));
  return { reason, tag: tag !== undefined && weightOf(tag) > 0 ? tag : null };
}

function strongest(parts: Candidate["parts"]): Part {
  // Following is a fact the viewer knows of; the others are as strong as they are.
  if (parts.follow > 0) return "follow";
  const order = ["similar", "content", "liked", "hot"] as const;
  return order.reduce((max: Part, part) => (parts[part] > parts[max] ? part : max), "fresh");
}

/** A step of a weight doubles or halves. */
const factorsOf = ({ fresh, following, popular, similar }: Weights): Weights => ({
  fresh: 2 ** fresh,
  following: 2 ** following,
  popular: 2 ** popular,
  similar: 2 ** similar,
});

function* sourcesOf(
  taste: Taste,
  followedIds: readonly Id[],
  likes: FollowedLikes,
  { pool, isOpen }: Pick<CandidateParts, "pool" | "isOpen">,
): Iterable<PoolVideo> {
  for (const [videoId] of best(taste.similar, counts.similar)) {
    const video = pool.get(videoId);
    if (video) yield video;
  }
  for (const [tag] of best(taste.tags, counts.tags)) yield* pool.withTag(tag).slice(0, counts.perTag);
  for (const [userId] of best(taste.authors, counts.authors)) yield* pool.byAuthor(userId).slice(0, counts.perAuthor);
  const latest = followedIds.flatMap((userId) => pool.byAuthor(userId).slice(0, counts.perFollow));
  yield* firstOf(
    latest.toSorted((a, b) => b.publishedAtMs - a.publishedAtMs),
    counts.follow,
    isOpen,
  );
  for (const [videoId] of [...likes].toSorted(([, a], [, b]) => b.strength - a.strength).slice(0, counts.liked)) {
    const video = pool.get(videoId);
    if (video) yield video;
  }
  // However much of these a viewer has watched, there are others as long as the site has any.
  yield* firstOf(pool.hottest.all, counts.hot, isOpen);
  yield* firstOf(pool.newest.all, counts.fresh, isOpen);
}

/** The entries above 0, the highest first. */
const best = <K>(scores: ReadonlyMap<K, number>, count: number): [K, number][] =>
  [...scores]
    .filter(([, score]) => score > 0)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count);

const clamp = (value: number): number => Math.max(-1, Math.min(1, value));
