import {
  audited,
  type Call,
  callerOf,
  type Client,
  Gather,
  type Host,
  type Id,
  type Page,
  type PageInput,
  type Tx,
} from "#kernel";
import { can } from "#policy/can";
import { mustBeThere } from "#services/auth/contract";
import { contentFlagged } from "#services/moderation/contract";
import { user } from "#services/user/contract";
import { VideoNotFound } from "#services/video/contract";
import * as asideStore from "./removed-comment-store.ts";
import * as listStore from "./comment-list-store.ts";
import * as commentStore from "./comment-store.ts";
import {
  type Comment,
  CommentNotFound,
  CommentsOff,
  commentCreated,
  commentDeleted,
  commentLiked,
  commentUnliked,
  NotYourComment,
  NotYoursToPin,
} from "../contract.ts";
import { mentionsIn } from "./mentions.ts";
import type { Seen } from "../access.ts";
import { shownComment } from "./presenter.ts";
import type { speakingOf } from "../posting/posting-policy.ts";
import { lockVideos, type Tables } from "../store.ts";

type Row = commentStore.Row;

export function commentsOf(host: Host<Tables>, seen: Seen, { heldFor }: ReturnType<typeof speakingOf>) {
  const { db, emit, nextId, now, client, call: newCall } = host;
  const users: Client<typeof user> = client(user);
  const likes = new Gather(db, commentStore.areLiked);

  const lists = listStore.listsOfComments(db);

  const viewing = async (call: Call): Promise<listStore.Viewing> => ({
    viewer: call.userId ?? 0,
    seesHeld: isModerator(call.role),
    hidden: await seen.hidden(call),
  });

  async function shown(found: readonly Row[], call: Call): Promise<Comment[]> {
    const { userId } = call;
    const liked =
      userId === undefined
        ? []
        : await likes.all(
            found.map(({ id }) => ({ commentId: id, userId })),
            call,
          );
    return found.map((row, place) => shownComment(row, userId, liked[place] === true));
  }

  const pageOf = async ({ items, ...rest }: Page<Row>, call: Call) => ({
    ...rest,
    items: await shown(items, call),
  });

  /** @throws CommentNotFound unless the caller may read it, where it stands. */
  async function readable(row: Row | undefined, call: Call): Promise<Row> {
    if (!row || (row.isHeld && row.userId !== call.userId && !isModerator(call.role))) throw CommentNotFound({});
    await seen.author(row.videoId, call).catch((error: unknown) => {
      throw VideoNotFound.code === (error as { code?: unknown }).code ? CommentNotFound({}) : error;
    });
    return row;
  }

  async function called(content: string, { traceId, signal }: Call): Promise<Id[]> {
    const names = mentionsIn(content);
    if (names.length === 0) return [];
    const { items } = await users.named({ names }, newCall({ traceId, signal }));
    return [...new Set(items.map(({ userId }) => userId))];
  }

  async function mark(id: Id, isLiked: boolean, call: Call) {
    const userId = callerOf(call);
    await readable(await commentStore.byId(db, id), call);
    const likeCount = await db.tx(async (tx) => {
      if (isLiked) await mustBeThere(tx, userId);
      const liked = await commentStore.like(tx, id, userId, now(), isLiked);
      if (!liked) throw CommentNotFound({});
      const { videoId, userId: authorId, rootId } = liked.row;
      if (liked.changed)
        await emit(tx, isLiked ? commentLiked : commentUnliked, videoId, {
          commentId: id,
          videoId,
          userId,
          authorId,
          rootId,
          atMs: now(),
        });
      return liked.likeCount;
    });
    return { liked: isLiked, likeCount };
  }

  async function pin(id: Id, isPinned: boolean, call: Call) {
    await readable(await commentStore.byId(db, id), call);
    await db.tx(async (tx) => {
      const row = await commentStore.lock(tx, id);
      if (!row || row.rootId !== null) throw CommentNotFound({});
      if (!can(call, "change", ownedBy(row.videoAuthorId))) throw NotYoursToPin({});
      if (isPinned || row.isPinned === 1) await commentStore.pin(tx, row.videoId, isPinned ? id : null);
    });
    return {};
  }

  return {
    async comments({ id, sort, ...page }: { id: Id; sort: "new" | "hot" } & PageInput, call: Call) {
      await seen.author(id, call);
      return pageOf(await lists.top[sort]({ videoId: id, ...(await viewing(call)) }, page, call), call);
    },

    async replies({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await readable(await commentStore.byId(db, id), call);
      return pageOf(await lists.thread({ rootId: id, ...(await viewing(call)) }, page, call), call);
    },

    async allComments({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await seen.author(id, call);
      return pageOf(await lists.all({ videoId: id, ...(await viewing(call)) }, page, call), call);
    },

    async comment({ id }: { id: Id }, call: Call) {
      const [whole] = await shown([await readable(await commentStore.byId(db, id), call)], call);
      return whole as Comment; // One row in, one comment out.
    },

    async say({ id, content, parentId }: { id: Id; content: string; parentId?: Id | undefined }, call: Call) {
      const userId = callerOf(call);
      const { userId: videoAuthorId, allowComment } = await seen.video(id, call);
      if (!allowComment) throw CommentsOff({});
      const parent = parentId === undefined ? undefined : await commentStore.byId(db, parentId);
      if (parentId !== undefined && (parent?.videoId !== id || parent.isHeld)) throw CommentNotFound({});
      await seen.heard([videoAuthorId, ...(parent ? [parent.userId] : [])], call);
      const waitsFor = await heldFor(content, call);
      const mentions = await called(content, call);
      const commentId = nextId();
      return db.answer(async (tx) => {
        await mustBeThere(tx, userId);
        const made = await commentStore.insert(tx, {
          id: commentId,
          video_id: id,
          video_author_id: videoAuthorId,
          user_id: userId,
          parent_id: parent?.id ?? null,
          root_id: parent ? (parent.rootId ?? parent.id) : null,
          reply_to_user_id: parent?.userId ?? null,
          content,
          is_held: waitsFor !== undefined,
          held_mentions: mentions,
          created_at_ms: now(),
        });
        if (made === "gone") throw VideoNotFound({});
        if (made === "rootless") throw CommentNotFound({});
        const inserted = await commentStore.byId(tx, commentId);
        if (!inserted) throw new Error("a comment that was just inserted is not there");
        if (waitsFor === undefined) await tellCreated(host, tx, inserted);
        else
          await emit(tx, contentFlagged, commentId, {
            kind: "comment",
            id: commentId,
            authorId: userId,
            videoId: id,
            excerpt: content,
            heldFor: waitsFor,
            isHeld: true,
            atMs: now(),
          });
        // Nobody has liked it yet.
        return shownComment(inserted, userId, false);
      });
    },

    async unsay({ id }: { id: Id }, call: Call) {
      await readable(await commentStore.byId(db, id), call);
      await db.tx(async (tx) => {
        const row = await commentStore.lock(tx, id);
        if (!row) throw CommentNotFound({});
        const { videoAuthorId, userId, videoId, parentId } = row;
        const isOwn = can(call, "delete", ownedBy(userId)) || can(call, "delete", ownedBy(videoAuthorId));
        if (!isOwn && !can(call, "moderate", ownedBy(userId))) throw NotYourComment({});
        const removed = await commentStore.remove(tx, row);
        await emit(tx, commentDeleted, videoId, { commentId: id, videoId, userId, parentId, removed });
        const actorId = callerOf(call);
        if (userId !== actorId)
          await emit(tx, audited, id, {
            act: "comment.removed",
            actorId,
            subject: { kind: "comment", id },
            atMs: now(),
          });
      });
      return {};
    },

    likeComment: ({ id }: { id: Id }, call: Call) => mark(id, true, call),
    unlikeComment: ({ id }: { id: Id }, call: Call) => mark(id, false, call),
    pin: ({ id }: { id: Id }, call: Call) => pin(id, true, call),
    unpin: ({ id }: { id: Id }, call: Call) => pin(id, false, call),
  };
}

const tellCreated = ({ emit, now }: Pick<Host<Tables>, "emit" | "now">, tx: Tx<Tables>, row: Row) =>
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

/** A moderator let it through: it counts from here on, and everybody hears of it. */
export async function release(host: Host<Tables>, tx: Tx<Tables>, id: Id): Promise<void> {
  const row = await commentStore.lock(tx, id);
  if (row?.isHeld && (await commentStore.release(tx, row))) await tellCreated(host, tx, row);
}

/** A moderator took it away, with what hung on it; it is set aside, for they may give it back. */
export async function takeAway({ emit }: Host<Tables>, tx: Tx<Tables>, id: Id): Promise<void> {
  const row = await commentStore.lock(tx, id);
  if (!row) return;
  const { videoId, userId, parentId } = row;
  const removed = await commentStore.setAside(tx, row);
  await emit(tx, commentDeleted, videoId, { commentId: id, videoId, userId, parentId, removed, isAside: true });
}

/** All that somebody who is gone said, and the threads that hung on it. */
export async function forgetSpeaker({ emit }: Host<Tables>, tx: Tx<Tables>, userId: Id): Promise<void> {
  const rows = await commentStore.ofUser(tx, userId);
  await lockVideos(
    tx,
    rows.map(({ videoId }) => videoId),
  );
  for (const { id } of rows) {
    const row = await commentStore.byId(tx, id);
    // A thread of their own may have gone with its top.
    if (!row) continue;
    const removed = await commentStore.remove(tx, row);
    await commentStore.forgetAnswered(tx, row);
    const { videoId, parentId } = row;
    await emit(tx, commentDeleted, videoId, { commentId: id, videoId, userId, parentId, removed });
  }
  await asideStore.forget(tx, "user_id", userId);
  await commentStore.forgetLiker(tx, userId);
}

const isModerator = (role: Call["role"]): boolean => role === "moderator" || role === "admin";
/** Who may change what was said is decided as for anything that everybody may see. */
const ownedBy = (ownerId: Id) => ({ ownerId, visibility: "public" as const, isPublished: true });
