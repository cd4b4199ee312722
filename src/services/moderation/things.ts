import { excerptMax } from "#events/moderation";
import type { Id } from "#kernel";
import { firstCharacters } from "#kernel/text";
import type { Tables } from "./store.ts";

export type Thing = Omit<Tables["moderation.things"], "version"> & { readonly version: number };

/** A video, as it can be reported. Pure, as all of these. */
export const videoThing = ({
  videoId,
  userId,
  title,
  visibility,
  publishedAtMs,
  version,
}: {
  readonly videoId: Id;
  readonly userId: Id;
  readonly title: string;
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly version: number;
}): Thing => ({
  kind: "video",
  id: videoId,
  author_id: userId,
  video_id: null,
  excerpt: title,
  is_visible: visibility !== "private" && publishedAtMs !== null,
  version,
});

/** The title and description of a playlist. The videos in it are things of their own. */
export const playlistThing = ({
  playlistId,
  userId,
  title,
  description,
  visibility,
  version,
}: {
  readonly playlistId: Id;
  readonly userId: Id;
  readonly title: string;
  readonly description: string;
  readonly visibility: string;
  readonly version: number;
}): Thing => ({
  kind: "playlist",
  id: playlistId,
  author_id: userId,
  video_id: null,
  excerpt: firstCharacters(`${title}\n${description}`.trim(), excerptMax),
  is_visible: visibility !== "private",
  version,
});

/** A live room: what it says of itself. Writers in its chat are reported as users. */
export const liveThing = ({
  liveId,
  ownerId,
  title,
  description,
  visibility,
  version,
}: {
  readonly liveId: Id;
  readonly ownerId: Id;
  readonly title: string;
  readonly description: string;
  readonly visibility: string;
  readonly version: number;
}): Thing => ({
  kind: "live",
  id: liveId,
  author_id: ownerId,
  video_id: null,
  excerpt: firstCharacters(`${title}\n${description}`.trim(), excerptMax),
  is_visible: visibility !== "private",
  version,
});

/** A comment or danmaku; authors may edit comments. */
export const postThing = (
  kind: "comment" | "danmaku",
  {
    id,
    videoId,
    userId,
    content,
    version = 1,
  }: {
    readonly id: Id;
    readonly videoId: Id;
    readonly userId: Id;
    readonly content: string;
    readonly version?: number;
  },
): Thing => ({
  kind,
  id,
  author_id: userId,
  video_id: videoId,
  excerpt: firstCharacters(content, excerptMax),
  is_visible: true,
  version,
});
