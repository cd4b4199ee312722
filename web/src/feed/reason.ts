import type { FeedVideo } from "../api/types.ts";

type Shown = Pick<FeedVideo, "reason" | "tag"> & { readonly user: Pick<FeedVideo["user"], "nickname" | "username"> };

/** The text for why a video is in a feed, and what it is filled with. Pure. */
export function reasonText({ reason, tag, user }: Shown) {
  if (reason === "content" && tag !== null) return { key: "feed.reason.tag", values: { tag } } as const;
  if (reason === "follow")
    return { key: "feed.reason.follow", values: { name: user.nickname || user.username } } as const;
  return { key: `feed.reason.${reason}`, values: {} } as const;
}
