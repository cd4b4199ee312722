import type { Id } from "#kernel";
import type { Tables } from "./store.ts";

type Thing = Omit<Tables["things"], "version"> & { readonly version: number };
export const excerptMax = 1_000;

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
  is_shown: visibility !== "private" && publishedAtMs !== null,
  version,
});

/** What was said under a video, or over it. It never changes. */
export const saidThing = (
  kind: "comment" | "danmaku",
  {
    id,
    videoId,
    userId,
    content,
  }: { readonly id: Id; readonly videoId: Id; readonly userId: Id; readonly content: string },
): Thing => ({
  kind,
  id,
  author_id: userId,
  video_id: videoId,
  excerpt: content.slice(0, excerptMax),
  is_shown: true,
  version: 1,
});
