import {
  command,
  service,
  Duration,
  event,
  failure,
  Id,
  Instant,
  page,
  pageInput,
  query,
  Said,
  UserRef,
} from "#kernel";
import { mutes } from "#policy/mutes";
import { blocklist } from "#policy/blocklist";
import { TooFast } from "#services/moderation/contract";
import { WordsRefused } from "#policy/blocklist";
import { Muted } from "#policy/mutes";
import { TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { UserNotFound } from "#services/user/contract";
import { NotYourVideo, VideoNotFound } from "#services/video/contract";
import { z } from "zod";

export const CommentNotFound = failure("not_found", "comment.not_found", "no such comment");
export const CommentsOff = failure("denied", "comment.switched_off", "comments are switched off for this video");
export const NotYourComment = failure(
  "denied",
  "comment.not_yours",
  "only its author, the owner of the video and moderators can take a comment away",
);
export const NotYoursToPin = failure("denied", "comment.not_yours_to_pin", "only the owner of the video pins comments");
export const FolderNotFound = failure("not_found", "favorite.folder_not_found", "no such folder");
export const TooManyFolders = failure(
  "conflict",
  "favorite.too_many_folders",
  "there are as many folders as there can be",
);
export const ListHidden = failure("denied", "interaction.list_hidden", "this list is not shown to others");
export const DanmakuNotFound = failure("not_found", "danmaku.not_found", "no such timed comment");
export const TooManyHidden = failure("conflict", "danmaku.too_many_hidden", "nobody hides more than 500 people");
export const PastTheEnd = failure("invalid", "danmaku.past_the_end", "the video is not as long as that");

export const foldersMax = 200;
/** Danmaku are fetched in stretches of this length. */
export const stretchMs = 30_000;

const Liked = z.object({ liked: z.boolean(), likeCount: z.int() });
const Favorited = z.object({ favorited: z.boolean(), favoriteCount: z.int() });
const line = (max: number) => z.string().trim().normalize("NFC").min(1).max(max);

/** A video in somebody's list; the edge fills in the video. */
export const LikedVideo = z.object({ videoId: Id, likedAtMs: Instant }).meta({ id: "LikedItem" });
export const KeptVideo = z
  .object({ videoId: Id, folderId: Id.nullable(), keptAtMs: Instant })
  .meta({ id: "FavoriteItem" });
export const WatchedVideo = z
  .object({ videoId: Id, isFinished: z.boolean(), watchedAtMs: Instant })
  .meta({ id: "WatchedItem" });

export const FavoriteFolder = z
  .object({ id: Id, userId: Id, name: z.string(), isPublic: z.boolean(), videoCount: z.int(), createdAtMs: Instant })
  .meta({ id: "FavoriteFolder" });

/** Said under a video; `rootId` is the top of its thread, `parentId` what it answers, both null at the top. */
export const Comment = z
  .object({
    id: Id,
    videoId: Id,
    userId: Id,
    content: z.string(),
    parentId: Id.nullable(),
    rootId: Id.nullable(),
    replyToUserId: Id.nullable(),
    likeCount: z.int(),
    replyCount: z.int(),
    isLiked: z.boolean(),
    isMine: z.boolean(),
    isPinned: z.boolean(),
    /** Waits for a moderator; only its author and moderators see it. */
    isHeld: z.boolean(),
    /** By whoever owns the video. */
    isByOwner: z.boolean(),
    createdAtMs: Instant,
  })
  .meta({ id: "Comment" });
export type Comment = z.infer<typeof Comment>;

export const danmakuModes = ["scroll", "top", "bottom"] as const;
export const Danmaku = z
  .object({
    id: Id,
    positionMs: Duration,
    content: z.string(),
    /** 24 bits of red, green and blue. */
    color: z.int().min(0).max(0xffffff),
    mode: z.enum(danmakuModes),
    isMine: z.boolean(),
  })
  .meta({ id: "Danmaku" });
/** What came on a day of UTC, such as `2026-11-20`; likes that were taken back did not. */
export const Day = z.object({ date: z.string(), viewCount: z.int(), likeCount: z.int() }).meta({ id: "VideoDay" });
export type Day = z.infer<typeof Day>;

/** What a viewer does not want to see fly by. */
export const DanmakuFilters = z.object({
  words: z.array(line(50)).max(100).default([]),
  userIds: z.array(Id).max(500).default([]),
  modes: z.array(z.enum(danmakuModes)).max(8).default([]),
});

/** The filters as they are kept, and how many people the caller hid by what they said: who they are is told to nobody. */
const KeptFilters = DanmakuFilters.extend({ hiddenCount: z.int() });

export const interaction = service(
  "interaction",
  1,
  {
    like: command({
      http: "POST /api/v1/videos/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Likes a video; again changes nothing.",
      input: z.object({ id: Id }),
      output: Liked,
      errors: [VideoNotFound],
    }),
    unlike: command({
      http: "DELETE /api/v1/videos/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Takes a like back.",
      input: z.object({ id: Id }),
      output: Liked,
      errors: [VideoNotFound],
    }),
    likes: query({
      http: "GET /api/v1/users/:id/likes",
      auth: "public",
      summary: "The videos somebody likes, latest first, unless they keep that to themselves.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(LikedVideo),
      errors: [UserNotFound, ListHidden],
    }),
    favorite: command({
      http: "POST /api/v1/videos/:id/favorite",
      auth: "user",
      idempotent: true,
      summary: "Keeps a video among one's favourites, in a folder or in none; again moves it there.",
      input: z.object({ id: Id, folderId: Id.optional() }),
      output: Favorited,
      errors: [VideoNotFound, FolderNotFound],
    }),
    unfavorite: command({
      http: "DELETE /api/v1/videos/:id/favorite",
      auth: "user",
      idempotent: true,
      summary: "Takes a video out of one's favourites.",
      input: z.object({ id: Id }),
      output: Favorited,
      errors: [VideoNotFound],
    }),
    favorites: query({
      http: "GET /api/v1/users/:id/favorites",
      auth: "public",
      summary:
        "The videos somebody keeps, latest first, of one folder or of all that are open, unless they keep them to themselves.",
      input: z.object({ id: UserRef, folderId: Id.optional(), ...pageInput }),
      output: page(KeptVideo),
      errors: [UserNotFound, ListHidden],
    }),
    folders: query({
      http: "GET /api/v1/users/:id/favorite-folders",
      auth: "public",
      summary: "Somebody's folders of favourites, newest first; others see those that are public.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(FavoriteFolder),
      errors: [UserNotFound, ListHidden],
    }),
    makeFolder: command({
      http: "POST /api/v1/favorite-folders",
      auth: "user",
      summary: "Makes a folder for favourites.",
      input: z.object({ name: line(50), isPublic: z.boolean().default(true) }),
      output: FavoriteFolder,
      errors: [TooManyFolders, Muted, WordsRefused],
    }),
    changeFolder: command({
      http: "PUT /api/v1/favorite-folders/:id",
      auth: "user",
      idempotent: true,
      summary: "Renames one's folder or changes who sees it; fields that are left out stay.",
      input: z.object({ id: Id, name: line(50).optional(), isPublic: z.boolean().optional() }),
      output: z.object({}),
      errors: [FolderNotFound, Muted, WordsRefused],
    }),
    removeFolder: command({
      http: "DELETE /api/v1/favorite-folders/:id",
      auth: "user",
      idempotent: true,
      summary: "Takes a folder away; the videos in it stay favourites.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [FolderNotFound],
    }),

    comments: query({
      http: "GET /api/v1/videos/:id/comments",
      auth: "public",
      summary:
        "What was said about a video, the pinned one first, then the newest or those with the most likes and replies.",
      input: z.object({ id: Id, sort: z.enum(["new", "hot"]).default("new"), ...pageInput }),
      output: page(Comment),
      errors: [VideoNotFound],
    }),
    replies: query({
      http: "GET /api/v1/comments/:id/replies",
      auth: "public",
      summary: "What was answered in the thread of a comment, oldest first.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Comment),
      errors: [CommentNotFound],
    }),
    /** Everything that was said about a video, answers among the rest, newest first. */
    allComments: query({
      auth: "service",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Comment),
      errors: [VideoNotFound],
    }),
    comment: query({
      http: "GET /api/v1/comments/:id",
      auth: "public",
      summary: "One comment.",
      input: z.object({ id: Id }),
      output: Comment,
      errors: [CommentNotFound],
    }),
    say: command({
      http: "POST /api/v1/videos/:id/comments",
      auth: "user",
      summary: "Says something about a video, or answers a comment on it; `@name` tells that user.",
      input: z.object({ id: Id, content: Said(1_000), parentId: Id.optional() }),
      output: Comment,
      errors: [VideoNotFound, CommentNotFound, CommentsOff, YouBlockThem, TheyBlockYou, Muted, WordsRefused, TooFast],
    }),
    unsay: command({
      http: "DELETE /api/v1/comments/:id",
      auth: "user",
      idempotent: true,
      summary: "Takes a comment away, with everything that was answered to it where it is at the top.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [CommentNotFound, NotYourComment],
    }),
    likeComment: command({
      http: "POST /api/v1/comments/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Likes a comment; again changes nothing.",
      input: z.object({ id: Id }),
      output: Liked,
      errors: [CommentNotFound],
    }),
    unlikeComment: command({
      http: "DELETE /api/v1/comments/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Takes the like of a comment back.",
      input: z.object({ id: Id }),
      output: Liked,
      errors: [CommentNotFound],
    }),
    pin: command({
      http: "PUT /api/v1/comments/:id/pin",
      auth: "user",
      idempotent: true,
      summary: "Puts a comment at the top of one's video, in place of the one that was there.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [CommentNotFound, NotYoursToPin],
    }),
    unpin: command({
      http: "DELETE /api/v1/comments/:id/pin",
      auth: "user",
      idempotent: true,
      summary: "Lets a comment take its place among the others again.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [CommentNotFound, NotYoursToPin],
    }),

    danmaku: query({
      http: "GET /api/v1/videos/:id/danmaku",
      auth: "public",
      summary: `Timed comments of one stretch of 30 s, \`bucket\` 0 being the first; thinned to what can be read, without what the caller filters.`,
      input: z.object({ id: Id, bucket: z.int().min(0).max(100_000) }),
      output: z.object({ items: z.array(Danmaku), isThinned: z.boolean() }),
      errors: [VideoNotFound],
    }),
    sayAt: command({
      http: "POST /api/v1/videos/:id/danmaku",
      auth: "user",
      summary: "Says something at a moment of a video.",
      input: z.object({
        id: Id,
        positionMs: Duration,
        content: Said(100),
        color: z.int().min(0).max(0xffffff).default(0xffffff),
        mode: z.enum(danmakuModes).default("scroll"),
      }),
      output: Danmaku,
      errors: [VideoNotFound, CommentsOff, PastTheEnd, YouBlockThem, TheyBlockYou, Muted, WordsRefused, TooFast],
    }),
    unsayAt: command({
      http: "DELETE /api/v1/danmaku/:id",
      auth: "user",
      idempotent: true,
      summary: "Takes a timed comment away: one's own, or one on one's own video.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [DanmakuNotFound, NotYourComment],
    }),
    danmakuFilters: query({
      http: "GET /api/v1/danmaku/filters",
      auth: "user",
      summary: "What the caller does not want to see fly by.",
      input: z.object({}),
      output: KeptFilters,
    }),
    setDanmakuFilters: command({
      http: "PUT /api/v1/danmaku/filters",
      auth: "user",
      idempotent: true,
      summary: "Changes what the caller does not want to see fly by.",
      input: DanmakuFilters,
      output: KeptFilters,
    }),
    hideAuthor: command({
      http: "POST /api/v1/danmaku/:id/hide-author",
      auth: "user",
      idempotent: true,
      summary:
        "Hides from the caller whatever is said at moments of videos by who said this, without telling who that is; one's own is always shown.",
      input: z.object({ id: Id }),
      output: KeptFilters,
      errors: [DanmakuNotFound, TooManyHidden],
    }),
    showAuthor: command({
      http: "DELETE /api/v1/danmaku/:id/hide-author",
      auth: "user",
      idempotent: true,
      summary: "Shows the caller again what is said by who said this.",
      input: z.object({ id: Id }),
      output: KeptFilters,
      errors: [DanmakuNotFound],
    }),
    showAuthors: command({
      http: "DELETE /api/v1/danmaku/hidden-authors",
      auth: "user",
      idempotent: true,
      summary: "Shows the caller again what is said by everybody they hid by something they said.",
      input: z.object({}),
      output: KeptFilters,
    }),

    play: command({
      http: "POST /api/v1/videos/:id/play",
      auth: "public",
      summary:
        "Tells how far somebody watched: their history notes the place, and 3 s or 30 % count as one view per viewer and half hour.",
      input: z.object({
        id: Id,
        positionMs: Duration.default(0),
        durationMs: Duration.default(0),
        finished: z.boolean().default(false),
      }),
      output: z.object({}),
      errors: [VideoNotFound],
    }),
    share: command({
      http: "POST /api/v1/videos/:id/share",
      auth: "public",
      summary: "Tells that somebody passed a video on; counts once per viewer and half hour.",
      input: z.object({ id: Id }),
      output: z.object({ shareCount: z.int() }),
      errors: [VideoNotFound],
    }),
    days: query({
      http: "GET /api/v1/videos/:id/statistics/days",
      auth: "user",
      summary: "How often one's own video was watched and liked on each of the last 30 days, by UTC; the oldest first.",
      input: z.object({ id: Id }),
      output: z.object({ items: z.array(Day) }),
      errors: [VideoNotFound, NotYourVideo],
    }),
    history: query({
      http: "GET /api/v1/history",
      auth: "user",
      summary: "What the caller watched, latest first, and how far.",
      input: z.object({ ...pageInput }),
      output: page(WatchedVideo),
    }),
    forgetWatched: command({
      http: "DELETE /api/v1/history/:id",
      auth: "user",
      idempotent: true,
      summary: "Takes a video out of the caller's history.",
      input: z.object({ id: Id }),
      output: z.object({}),
    }),
    clearHistory: command({
      http: "DELETE /api/v1/history",
      auth: "user",
      idempotent: true,
      summary: "Empties the caller's history.",
      input: z.object({}),
      output: z.object({}),
    }),
    historySettings: query({
      http: "GET /api/v1/history/settings",
      auth: "user",
      summary: "Whether the caller's history is kept.",
      input: z.object({}),
      output: z.object({ isKept: z.boolean() }),
    }),
    setHistory: command({
      http: "PUT /api/v1/history/settings",
      auth: "user",
      idempotent: true,
      summary: "Switches the caller's history on or off; what it holds stays until it is emptied.",
      input: z.object({ isKept: z.boolean() }),
      output: z.object({ isKept: z.boolean() }),
    }),

    /** Counts of videos and the caller's own marks on them; `positionMs` is where to go on. A video nobody touched has zeros. */
    states: query({
      auth: "service",
      input: z.object({ videoIds: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(
          z.object({
            videoId: Id,
            playCount: z.int(),
            likeCount: z.int(),
            commentCount: z.int(),
            shareCount: z.int(),
            favoriteCount: z.int(),
            isLiked: z.boolean(),
            isFavorited: z.boolean(),
            positionMs: z.int(),
          }),
        ),
      }),
    }),
    /** Likes that users' videos received, likes they gave, and how much they keep. */
    authorCounts: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(z.object({ userId: Id, likeCount: z.int(), likedCount: z.int(), favoriteCount: z.int() })),
      }),
    }),
    /** Everything that was said where others can read it, or could until a moderator took it away, in batches: those after this id. */
    batch: query({
      auth: "service",
      input: z.object({
        kind: z.enum(["comment", "danmaku"]),
        after: z.int().nonnegative().default(0),
        limit: z.int().min(1).max(500).default(200),
      }),
      output: z.object({ items: z.array(z.object({ id: Id, videoId: Id, userId: Id, content: z.string() })) }),
    }),
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true },
);

const Marked = z.object({ videoId: Id, userId: Id, atMs: Instant });
/** `authorId`: whose video it is; absent in what older versions told. */
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
/** It can be read by others: told when it was said, or when a moderator let it through. */
export const commentCreated = event(
  "comment.created.v1",
  z.object({
    commentId: Id,
    videoId: Id,
    /** Whose video it is. */
    authorId: Id,
    userId: Id,
    parentId: Id.nullable(),
    rootId: Id.nullable(),
    replyToUserId: Id.nullable(),
    /** Whom it calls by name. */
    mentions: z.array(Id),
    content: z.string(),
    atMs: Instant,
  }),
);
/** `removed`: it and all that hung on it. */
export const commentDeleted = event(
  "comment.deleted.v1",
  z.object({
    commentId: Id,
    videoId: Id,
    userId: Id,
    parentId: Id.nullable(),
    removed: z.int(),
    /** A moderator took it away and may give it back. */
    isAside: z.boolean().optional(),
  }),
);
/** `authorId`: who said it. `rootId`: the top of its thread; absent in what older versions told. */
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
