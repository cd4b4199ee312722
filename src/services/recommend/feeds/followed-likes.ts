import { answerOr, type Call, type Host, type Id } from "#kernel";
import { user } from "#services/user/contract";
import type { Exclusions } from "../exclusions/exclusion-store.ts";
import type { RecentLikes } from "../learner/recent-likes.ts";
import type { Memory } from "../memory.ts";
import type { VideoPool } from "../pool/video-pool.ts";
import type { Followed } from "./follows.ts";

/** The likes that followed accounts gave a video. */
export interface FollowedLike {
  /** Up to 1. */
  readonly strength: number;
  /** The accounts, friends first; some of them where they are many. */
  readonly userIds: readonly Id[];
}
/** By video. */
export type FollowedLikes = ReadonlyMap<Id, FollowedLike>;
export const noLikes: FollowedLikes = new Map();

/** Likes count for this long, and less with time. */
const likedWithinMs = 14 * 24 * 3_600_000;
const halfLifeMs = 3 * 24 * 3_600_000;
/** Friends follow each other. */
const weights = { friend: 1, followed: 0.5 } as const;
/** Accounts whose likes count, the friends among them first: as many as one query of their privacy takes. */
const likersMax = 200;
const namedMax = 3;

/** The followed accounts with likes that nothing stands between, the friends first. Pure. */
export function likersOf({ userIds, friendIds }: Followed, exclusions: Exclusions, likes: RecentLikes): Id[] {
  const excluded = new Set(exclusions.userIds);
  const friends: Id[] = [];
  const nonFriends: Id[] = [];
  for (const userId of userIds)
    if (likes.of(userId).size > 0 && !excluded.has(userId)) (friendIds.has(userId) ? friends : nonFriends).push(userId);
  return [...friends, ...nonFriends].slice(0, likersMax);
}

interface LikesParts {
  readonly friendIds: ReadonlySet<Id>;
  readonly likes: RecentLikes;
  readonly pool: VideoPool;
  readonly nowMs: number;
}

/** The strength of these accounts' likes for each video. Pure. */
export function strengthsOf(likerIds: readonly Id[], { friendIds, likes, pool, nowMs }: LikesParts): FollowedLikes {
  const byVideo = new Map<Id, { strength: number; userIds: Id[] }>();
  for (const userId of likerIds) {
    const weight = friendIds.has(userId) ? weights.friend : weights.followed;
    for (const [videoId, atMs] of likes.of(userId)) {
      const ageMs = Math.max(0, nowMs - atMs);
      // Authors say nothing about their own videos.
      if (ageMs > likedWithinMs || (pool.get(videoId)?.userId ?? userId) === userId) continue;
      const recent = weight * 2 ** (-ageMs / halfLifeMs);
      const liked = byVideo.get(videoId);
      if (liked === undefined) byVideo.set(videoId, { strength: recent, userIds: [userId] });
      else {
        liked.strength = Math.min(1, liked.strength + recent);
        if (liked.userIds.length < namedMax) liked.userIds.push(userId);
      }
    }
  }
  return byVideo;
}

type LikesHost = Pick<Host, "client" | "call" | "log" | "now">;

/**
 * Recent likes of followed accounts that show their likes. Each page asks for their privacy settings; everything else
 * is in memory.
 */
export function createFollowedLikes({ client, call: newCall, log, now }: LikesHost, memory: Memory) {
  /** The given accounts that show their likes; none while the user service is unavailable. */
  async function showing(userIds: readonly Id[], { traceId, signal }: Call): Promise<ReadonlySet<Id>> {
    const privacy = client(user).privacy({ ids: [...userIds] }, newCall({ traceId, signal }));
    const { items } = await answerOr(privacy, { items: [] }, log, "likes of followed accounts are unavailable");
    return new Set(items.filter(({ showLikes }) => showLikes).map(({ id }) => id));
  }

  return async (followed: Followed, exclusions: Exclusions, call: Call): Promise<FollowedLikes> => {
    const { pool, learner } = memory;
    const { likes } = learner;
    const likerIds = likersOf(followed, exclusions, likes);
    if (likerIds.length === 0) return noLikes;
    const visible = await showing(likerIds, call);
    const { friendIds } = followed;
    return strengthsOf(
      likerIds.filter((userId) => visible.has(userId)),
      { friendIds, likes, pool, nowMs: now() },
    );
  };
}
