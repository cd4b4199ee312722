import type { Host } from "#kernel";
import type { ViewerAccess } from "../access.ts";
import type { postingPolicyOf } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import { readableCommentOf } from "./comment-access.ts";
import { commentLikesOf } from "./comment-likes.ts";
import { commentListsOf } from "./comment-lists.ts";
import { commentCreationOf } from "./creation.ts";
import { commentEditingOf } from "./edit.ts";
import { pinnedCommentOf } from "./pinned-comment.ts";
import { commentRemovalOf } from "./removal.ts";

export function commentsOf(host: Host<Tables>, access: ViewerAccess, posting: ReturnType<typeof postingPolicyOf>) {
  const readable = readableCommentOf(access);
  return {
    ...commentListsOf(host, { access, readable }),
    ...commentCreationOf(host, access, posting),
    ...commentEditingOf(host, { access, readable, posting }),
    ...commentRemovalOf(host, readable),
    ...commentLikesOf(host, readable),
    ...pinnedCommentOf(host, readable),
  };
}
