import { Duration, Id, Instant, event } from "#kernel";
import { z } from "zod";

/** The page or list where a viewer found a video. */
export const viewSources = [
  "feed",
  "explore",
  "following",
  "search",
  "profile",
  "playlist",
  "related",
  "embed",
  "share",
  "other",
] as const;

export const ViewSource = z.enum(viewSources);

export type ViewSource = z.infer<typeof ViewSource>;

const Marked = z.object({ videoId: Id, userId: Id, atMs: Instant });

/** `authorId`: the author of the video; absent in events of older versions. */
export const videoLiked = event("video.liked.v1", Marked.extend({ authorId: Id.optional() }));

export const videoUnliked = event("video.unliked.v1", Marked);

export const videoFavorited = event("video.favorited.v1", Marked);

export const videoUnfavorited = event("video.unfavorited.v1", Marked);

export const videoShared = event("video.shared.v1", z.object({ videoId: Id, userId: Id.optional(), atMs: Instant }));

export const videoViewed = event(
  "video.viewed.v1",
  z.object({
    videoId: Id,
    userId: Id.optional(),
    positionMs: Duration,
    durationMs: Duration,
    finished: z.boolean(),
  }),
);

/**
 * A signed-in user watched more of a video, counted since the last report. Nothing is published about users without a
 * watch history.
 */
export const videoWatched = event(
  "video.watched.v1",
  z.object({
    videoId: Id,
    userId: Id,
    watchedMs: Duration,
    positionMs: Duration,
    /** The length of the video; 0 where it is unknown. */
    lengthMs: Duration,
    finished: z.boolean(),
    source: ViewSource,
    atMs: Instant,
  }),
);

/** A user removed one video from the watch history, or all of them: `videoId` is null then. */
export const historyCleared = event("history.cleared.v1", z.object({ userId: Id, videoId: Id.nullable() }));

/** Views and likes of past days came with a video that was imported; days are counted from 1970, by UTC. */
export const activityImported = event(
  "video.activity_imported.v1",
  z.object({ videoId: Id, days: z.array(z.object({ day: z.int(), views: z.int(), likes: z.int() })).max(1_000) }),
);

/** A comment became visible to others: when it was posted, or when a moderator approved it. */
export const commentCreated = event(
  "comment.created.v1",
  z.object({
    commentId: Id,
    videoId: Id,
    /** The author of the video. */
    authorId: Id,
    userId: Id,
    parentId: Id.nullable(),
    rootId: Id.nullable(),
    replyToUserId: Id.nullable(),
    /** Users it mentions. */
    mentions: z.array(Id),
    content: z.string(),
    atMs: Instant,
  }),
);

/** The author changed the text. */
export const commentEdited = event(
  "comment.edited.v1",
  z.object({
    commentId: Id,
    videoId: Id,
    userId: Id,
    content: z.string(),
    /** Grows with each change. */
    version: z.int(),
    atMs: Instant,
  }),
);

/** `removed`: the number of comments deleted with it, itself included. */
export const commentDeleted = event(
  "comment.deleted.v1",
  z.object({
    commentId: Id,
    videoId: Id,
    userId: Id,
    parentId: Id.nullable(),
    removed: z.int(),
    /** A moderator removed it and may restore it. */
    isAside: z.boolean().optional(),
  }),
);

/** `authorId`: the author of the comment. `rootId`: the top of its thread; absent in events of older versions. */
const CommentMark = z.object({
  commentId: Id,
  videoId: Id,
  userId: Id,
  authorId: Id,
  rootId: Id.nullable().optional(),
  atMs: Instant,
});

export const commentLiked = event("comment.liked.v1", CommentMark);

export const commentUnliked = event("comment.unliked.v1", CommentMark);

export const danmakuCreated = event(
  "danmaku.created.v1",
  z.object({ danmakuId: Id, videoId: Id, userId: Id, positionMs: Duration, content: z.string(), atMs: Instant }),
);
