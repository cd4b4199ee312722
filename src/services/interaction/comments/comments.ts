import type { Host } from "#kernel";
import type { ViewerAccess } from "../access.ts";
import type { PostingPolicy } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import { createReadableComment } from "./comment-access.ts";
import { createCommentLikes } from "./comment-likes.ts";
import { createCommentLists } from "./comment-lists.ts";
import { createCommentCreation } from "./creation.ts";
import { createCommentEditing } from "./edit.ts";
import { createPinnedComment } from "./pinned-comment.ts";
import { createCommentRemoval } from "./removal.ts";

export function createComments(host: Host<Tables>, access: ViewerAccess, posting: PostingPolicy) {
  const readable = createReadableComment(access);
  return {
    ...createCommentLists(host, { access, readable }),
    ...createCommentCreation(host, access, posting),
    ...createCommentEditing(host, { access, readable, posting }),
    ...createCommentRemoval(host, readable),
    ...createCommentLikes(host, readable),
    ...createPinnedComment(host, readable),
  };
}
