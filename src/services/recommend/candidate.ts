import type { Id } from "#kernel";
import { nameKey } from "#kernel/text";

/** A video as its events and its service describe it; fields may be absent in events of older versions. */
interface VideoState {
  readonly videoId: Id;
  readonly userId: Id;
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly version: number;
  readonly tags?: readonly string[] | undefined;
  readonly hashtags?: readonly string[] | undefined;
  readonly categoryId?: Id | null | undefined;
  readonly durationMs?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** A video in the local copy. */
export interface Candidate {
  readonly videoId: Id;
  readonly userId: Id;
  readonly version: number;
  /** 0 while it cannot be watched. */
  readonly publishedAtMs: number;
  /** Everybody may meet it in lists. */
  readonly isVisible: boolean;
  /** Followers of its author may. */
  readonly isForFollowers: boolean;
  readonly categoryId: Id | null;
  readonly isUpright: boolean;
  readonly durationMs: number;
  readonly tags: readonly string[];
}

/** One key for a tag and a hashtag in any spelling. Pure. */
export const tagKey = (tag: string): string => nameKey(tag.trim().replace(/^#/, ""));

/** The keys of tags and hashtags, each once. Pure. */
export const tagKeysOf = ({ tags = [], hashtags = [] }: Partial<Pick<VideoState, "tags" | "hashtags">>): string[] => [
  ...new Set([...tags, ...hashtags].map(tagKey).filter((key) => key !== "")),
];

/** The local copy of a video. A square video is wide. Pure. */
export function candidateOf(video: VideoState): Candidate {
  const { videoId, userId, version, visibility, publishedAtMs, width = 0, height = 0 } = video;
  const isVisible = visibility === "public" && publishedAtMs !== null;
  const isForFollowers = isVisible || (visibility === "followers" && publishedAtMs !== null);
  return {
    videoId,
    userId,
    version,
    publishedAtMs: publishedAtMs ?? 0,
    isVisible,
    isForFollowers,
    categoryId: video.categoryId ?? null,
    isUpright: height > width,
    durationMs: video.durationMs ?? 0,
    tags: isForFollowers ? tagKeysOf(video) : [],
  };
}
