import type { Video } from "#base/api/types.ts";

/** The scope of a viewer's wish to hide a video: that one, all of its author, or all with one of its tags. */
export type Hidden = { readonly scope: "video" | "author" } | { readonly scope: "tag"; readonly tag: string };

type Tagged = Pick<Video, "tags" | "hashtags">;

const keyOf = (tag: string) => tag.normalize("NFKC").toLowerCase().replace(/^#/, "");
const hasTag = ({ tags, hashtags }: Tagged, tag: string) =>
  [...hashtags, ...tags].some((candidate) => keyOf(candidate) === keyOf(tag));

/** The tag of a video to offer less of: the one that is why it is shown, else its first one. Pure. */
export const tagToHide = (video: Tagged & { readonly tag: string | null }): string | undefined =>
  video.tag ?? video.hashtags[0] ?? video.tags[0];

/** True if a video is hidden by a wish at another. Pure. */
export function hides(
  hidden: Hidden,
  at: Pick<Video, "id" | "user">,
): (video: Pick<Video, "id" | "user" | "tags" | "hashtags">) => boolean {
  if (hidden.scope === "tag") return (video) => hasTag(video, hidden.tag);
  return hidden.scope === "video" ? ({ id }) => id === at.id : ({ user }) => user.id === at.user.id;
}
