import { requireAccount } from "#policy/account";
import { contentFlagged } from "#events/moderation";
import { commentCreated } from "#events/interaction";
import { type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import { user } from "#services/user/contract";
import { VideoNotFound } from "#services/video/contract";
import type { ViewerAccess } from "../access.ts";
import { CommentNotFound, CommentsOff } from "../contract.ts";
import type { PostingPolicy } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import * as commentStore from "./comment-store.ts";
import { mentionsIn } from "./mentions.ts";
import { presentComment } from "./presenter.ts";

type Row = commentStore.Row;
type Publisher = Pick<Host<Tables>, "emit" | "now">;

/** A new comment: published, or held for a moderator. */
export function createCommentCreation(
  host: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now" | "client" | "call">,
  access: ViewerAccess,
  { heldFor }: PostingPolicy,
) {
  const { db, nextId, now, client, call: newCall } = host;
  const users = client(user);

  async function mentionedUsers(content: string, { traceId, signal }: Call): Promise<Id[]> {
    const names = mentionsIn(content);
    if (names.length === 0) return [];
    const { items } = await users.named({ names }, newCall({ traceId, signal }));
    return [...new Set(items.map(({ userId }) => userId))];
  }

  return {
    async say({ id, content, parentId }: { id: Id; content: string; parentId?: Id | undefined }, call: Call) {
      const userId = callerOf(call);
      const { userId: videoAuthorId, allowComment } = await access.video(id, call);
      if (!allowComment) throw CommentsOff({});
      const parent = parentId === undefined ? undefined : await commentStore.byId(db, parentId);
      if (parentId !== undefined && (parent?.videoId !== id || parent.isHeld)) throw CommentNotFound({});
      await access.requireNoBlock([videoAuthorId, ...(parent ? [parent.userId] : [])], call);
      const holdReason = await heldFor(content, call);
      const mentions = await mentionedUsers(content, call);
      const commentId = nextId();
      return db.answer(async (tx) => {
        await requireAccount(tx, userId);
        const outcome = await commentStore.insert(tx, {
          id: commentId,
          video_id: id,
          video_author_id: videoAuthorId,
          user_id: userId,
          parent_id: parent?.id ?? null,
          root_id: parent ? (parent.rootId ?? parent.id) : null,
          reply_to_user_id: parent?.userId ?? null,
          content,
          is_held: holdReason !== undefined,
          held_mentions: mentions,
          created_at_ms: now(),
        });
        if (outcome === "video_deleted") throw VideoNotFound({});
        if (outcome === "root_deleted") throw CommentNotFound({});
        const inserted = await commentStore.byId(tx, commentId);
        if (!inserted) throw new Error("a comment that was just inserted is not there");
        if (holdReason === undefined) await publishCreated(host, tx, inserted);
        else await flagHeld(host, tx, inserted, holdReason);
        // Nobody has liked it yet.
        return presentComment(inserted, userId, false);
      });
    },
  };
}

const publishCreated = ({ emit, now }: Publisher, tx: Tx<Tables>, row: Row) =>
  emit(tx, commentCreated, row.videoId, {
    commentId: row.id,
    videoId: row.videoId,
    authorId: row.videoAuthorId,
    userId: row.userId,
    parentId: row.parentId,
    rootId: row.rootId,
    replyToUserId: row.replyToUserId,
    // An array of BIGINT arrives as text.
    mentions: row.heldMentions.map(Number),
    content: row.content,
    atMs: now(),
  });

const flagHeld = ({ emit, now }: Publisher, tx: Tx<Tables>, row: Row, heldFor: string) =>
  emit(tx, contentFlagged, row.id, {
    kind: "comment",
    id: row.id,
    authorId: row.userId,
    videoId: row.videoId,
    excerpt: row.content,
    heldFor,
    isHeld: true,
    atMs: now(),
  });

/** A moderator approved a held comment: from here on it is counted and published. */
export async function publishHeldComment(host: Publisher, tx: Tx<Tables>, id: Id): Promise<void> {
  const row = await commentStore.lock(tx, id);
  if (row?.isHeld && (await commentStore.publish(tx, row))) await publishCreated(host, tx, row);
}
