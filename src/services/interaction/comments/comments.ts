import type { Host } from "#kernel";
import type { Seen } from "../access.ts";
import type { speakingOf } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import { readableCommentOf } from "./comment-access.ts";
import { commentLikesOf } from "./comment-likes.ts";
import { commentListsOf } from "./comment-lists.ts";
import { commentCreationOf } from "./creation.ts";
import { pinnedCommentOf } from "./pinned-comment.ts";
import { commentRemovalOf } from "./removal.ts";

export function commentsOf(host: Host<Tables>, seen: Seen, posting: ReturnType<typeof speakingOf>) {
  const readable = readableCommentOf(seen);
  return {
    ...commentListsOf(host, { seen, readable }),
    ...commentCreationOf(host, seen, posting),
    ...commentRemovalOf(host, readable),
    ...commentLikesOf(host, readable),
    ...pinnedCommentOf(host, readable),
  };
}
