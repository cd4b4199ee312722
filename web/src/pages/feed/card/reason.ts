import type { FeedVideo } from "#base/api/types.ts";

type Named = Pick<FeedVideo["user"], "nickname" | "username">;
type Shown = Pick<FeedVideo, "reason" | "tag"> & { readonly user: Named; readonly liked_by: readonly Named[] };

/** The text for why a video is in a feed, and what it is filled with. Pure. */
export function reasonText({ reason, tag, user, liked_by: [liker, ...otherLikers] }: Shown) {
  if (reason === "content" && tag !== null) return { key: "feed.reason.tag", values: { tag } } as const;
  if (liker !== undefined)
    return {
      key: otherLikers.length > 0 ? "feed.reason.likedByMany" : "feed.reason.likedBy",
      values: { name: nameOf(liker) },
    } as const;
  if (reason === "follow") return { key: "feed.reason.follow", values: { name: nameOf(user) } } as const;
  return { key: `feed.reason.${reason}`, values: {} } as const;
}

const nameOf = ({ nickname, username }: Named): string => nickname || username;
