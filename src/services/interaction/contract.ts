import { GateKind } from "#policy/gates/fields";
import { gateMethods } from "./gates/contract.ts";
import { ViewSource } from "#events/interaction";
import { TooFast } from "#policy/pace";
import { command, service, Duration, failure, Id, Instant, page, pageInput, query, Said, UserRef, Line } from "#kernel";
import { mutes } from "#policy/copies/mutes";
import { blocklist } from "#policy/copies/blocklist";
import { growth } from "#policy/growth";
import { WordsRefused } from "#policy/copies/blocklist";
import { Muted } from "#policy/copies/mutes";
import { TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { UserNotFound } from "#services/user/contract";
import { NotYourVideo, VideoNotFound } from "#services/video/contract";
import { z } from "zod";

export const CommentNotFound = failure("not_found", "comment.not_found", "no such comment");
export const CommentsOff = failure("denied", "comment.switched_off", "comments are switched off for this video");
export const NotYourComment = failure(
  "denied",
  "comment.not_yours",
  "only its author, the owner of the video and moderators can delete a comment",
);
export const NotYoursToEdit = failure("denied", "comment.not_yours_to_edit", "only its author can edit a comment");
export const TooLateToEdit = failure("conflict", "comment.too_late_to_edit", "a comment can be edited for 5 minutes");
export const EditNeedsReview = failure(
  "conflict",
  "comment.edit_needs_review",
  "this comment or its new text needs a moderator and cannot be edited",
);
export const NotYoursToPin = failure(
  "denied",
  "comment.not_yours_to_pin",
  "only the owner of the video can pin comments",
);
export const FolderNotFound = failure("not_found", "favorite.folder_not_found", "no such folder");
export const TooManyFolders = failure(
  "conflict",
  "favorite.too_many_folders",
  "you have the maximum number of folders",
);
export const ListHidden = failure("denied", "interaction.list_hidden", "this list is hidden from others");
export const DanmakuNotFound = failure("not_found", "danmaku.not_found", "no such timed comment");
export const TooManyHidden = failure(
  "conflict",
  "danmaku.too_many_hidden",
  "you have hidden the maximum of 500 authors",
);
export const PastTheEnd = failure("invalid", "danmaku.past_the_end", "the position is past the end of the video");

export const foldersMax = 200;
/** Danmaku are fetched in buckets of this length. */
export const bucketMs = 30_000;

const Liked = z.object({ liked: z.boolean(), likeCount: z.int() });
const Favorited = z.object({ favorited: z.boolean(), favoriteCount: z.int() });

/** A video in a list of a user; the gateway adds the video. */
export const LikedVideo = z.object({ videoId: Id, likedAtMs: Instant }).meta({ id: "LikedItem" });
export const LikedComment = z.object({ commentId: Id, likedAtMs: Instant }).meta({ id: "LikedComment" });
/** A gated thing that the caller opened, the terms by which, and when first. */
export const OwnOpening = z
  .object({ kind: GateKind, thingId: Id, terms: z.array(z.string()), atMs: Instant })
  .meta({ id: "OwnOpening" });
export const FavoriteVideo = z
  .object({ videoId: Id, folderId: Id.nullable(), keptAtMs: Instant })
  .meta({ id: "FavoriteItem" });
export const WatchedVideo = z
  .object({ videoId: Id, isFinished: z.boolean(), watchedAtMs: Instant })
  .meta({ id: "WatchedItem" });

/** A video to go on with, from `positionMs`. */
export const BegunVideo = z
  .object({ videoId: Id, positionMs: Duration, watchedAtMs: Instant })
  .meta({ id: "BegunItem" });

export const FavoriteFolder = z
  .object({ id: Id, userId: Id, name: z.string(), isPublic: z.boolean(), videoCount: z.int(), createdAtMs: Instant })
  .meta({ id: "FavoriteFolder" });

/** A comment on a video; `rootId` is the top of its thread, `parentId` the comment it replies to, both null at the top. */
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
    /** Held for a moderator; only its author and moderators see it. */
    isHeld: z.boolean(),
    /** By the owner of the video. */
    isByOwner: z.boolean(),
    createdAtMs: Instant,
    /** The last change of its text by its author; null where there was none. */
    editedAtMs: Instant.nullable(),
  })
  .meta({ id: "Comment" });
export type Comment = z.infer<typeof Comment>;

/** A comment on a video of the caller; the gateway adds the video. */
export const ReceivedComment = z.object(Comment.shape).meta({ id: "ReceivedComment" });

/** Characters of a danmaku. */
export const danmakuLengthMax = 100;
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

/** A comment in the list of those that its author wrote. */
export const OwnComment = z
  .object({
    id: Id,
    videoId: Id,
    parentId: Id.nullable(),
    content: z.string(),
    isHeld: z.boolean(),
    likeCount: z.int(),
    createdAtMs: Instant,
    editedAtMs: Instant.nullable(),
  })
  .meta({ id: "OwnComment" });
export const OwnDanmaku = z
  .object({
    id: Id,
    videoId: Id,
    positionMs: Duration,
    content: z.string(),
    color: z.int(),
    mode: z.enum(danmakuModes),
    createdAtMs: Instant,
  })
  .meta({ id: "OwnDanmaku" });
/** Views and likes on a day of UTC, such as `2026-11-20`; likes that were taken back do not count. */
export const Day = z.object({ date: z.string(), viewCount: z.int(), likeCount: z.int() }).meta({ id: "VideoDay" });
export type Day = z.infer<typeof Day>;

export const rangesMax = 20;
/** From where to where in a video, in milliseconds. */
const Stretch = z
  .array(Duration)
  .min(2)
  .max(2)
  .refine(([from = 0, to = 0]) => from <= to, "from before to");
/** The name of a host; no address of a page, which may say who the viewer is. */
const HostName = z
  .string()
  .max(253)
  .regex(/^(?:[a-zA-Z0-9_-]{1,63}\.)*[a-zA-Z0-9-]{1,63}$/, "the name of a host");

/** The lengths of time that analytics cover, in days of UTC; the last is today. */
const periods = [7, 28, 90] as const;
/** Equal parts of a video's length. */
export const retentionBuckets = 100;
const PeriodTotals = z.object({ views: z.int(), watchTimeMs: Duration, followersGained: z.int() });
const AnalyticsDay = z.object({ date: z.string(), views: z.int(), watchTimeMs: Duration }).meta({ id: "AnalyticsDay" });
/** Views with a source; with a site where it is `embed` and the site is known. */
const SourceViews = z
  .object({ source: ViewSource, site: z.string().optional(), views: z.int() })
  .meta({ id: "SourceViews" });
const analytics = {
  ...PeriodTotals.shape,
  averageViewMs: Duration,
  /** Each day of the period, the oldest first. */
  series: z.array(AnalyticsDay),
  /** How much of each hundredth of the length was watched, per view. */
  retention: z.array(z.number().min(0).max(1)).min(retentionBuckets).max(retentionBuckets),
  sources: z.array(SourceViews),
  /** The same figures of the period of the same length before. */
  previous: PeriodTotals,
};
export const VideoAnalytics = z.object(analytics).meta({ id: "VideoAnalytics" });
export type VideoAnalytics = z.infer<typeof VideoAnalytics>;
/** A video of a channel; the gateway adds the video. */
export const TopVideo = z.object({ videoId: Id, views: z.int() }).meta({ id: "TopItem" });
export const ChannelAnalytics = z
  .object({ ...analytics, /** The videos with the most views, at most ten. */ top: z.array(TopVideo) })
  .meta({ id: "ChannelAnalytics" });

/** Filters of a viewer for danmaku. */
export const DanmakuFilters = z.object({
  words: z.array(Line(50).min(1)).max(100).default([]),
  userIds: z.array(Id).max(500).default([]),
  modes: z.array(z.enum(danmakuModes)).max(8).default([]),
});

/** The stored filters, and the number of authors the caller hid; who they are is never disclosed. */
const StoredFilters = DanmakuFilters.extend({ hiddenCount: z.int() });

export * from "./gates/contract.ts";

export const interaction = service(
  "interaction",
  1,
  {
    like: command({
      http: "POST /api/v1/videos/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Likes a video; repeating changes nothing.",
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
      summary: "The videos a user likes, latest first, unless the user hides this list.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(LikedVideo),
      errors: [UserNotFound, ListHidden],
    }),
    favorite: command({
      http: "POST /api/v1/videos/:id/favorite",
      auth: "user",
      idempotent: true,
      summary: "Adds a video to the caller's favourites, in a folder or in none; repeating moves it there.",
      input: z.object({ id: Id, folderId: Id.optional() }),
      output: Favorited,
      errors: [VideoNotFound, FolderNotFound],
    }),
    unfavorite: command({
      http: "DELETE /api/v1/videos/:id/favorite",
      auth: "user",
      idempotent: true,
      summary: "Removes a video from the caller's favourites.",
      input: z.object({ id: Id }),
      output: Favorited,
      errors: [VideoNotFound],
    }),
    favorites: query({
      http: "GET /api/v1/users/:id/favorites",
      auth: "public",
      summary:
        "The favourites of a user, latest first, of one folder or of all public ones, unless the user hides this list.",
      input: z.object({ id: UserRef, folderId: Id.optional(), ...pageInput }),
      output: page(FavoriteVideo),
      errors: [UserNotFound, ListHidden],
    }),
    folders: query({
      http: "GET /api/v1/users/:id/favorite-folders",
      auth: "public",
      summary: "The favourite folders of a user, newest first; others see those that are public.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(FavoriteFolder),
      errors: [UserNotFound, ListHidden],
    }),
    makeFolder: command({
      http: "POST /api/v1/favorite-folders",
      auth: "user",
      summary: "Creates a folder for favourites.",
      input: z.object({ name: Line(50).min(1), isPublic: z.boolean().default(true) }),
      output: FavoriteFolder,
      errors: [TooManyFolders, Muted, WordsRefused],
    }),
    changeFolder: command({
      http: "PUT /api/v1/favorite-folders/:id",
      auth: "user",
      idempotent: true,
      summary: "Renames a folder of the caller or changes who sees it; omitted fields keep their value.",
      input: z.object({ id: Id, name: Line(50).min(1).optional(), isPublic: z.boolean().optional() }),
      output: z.object({}),
      errors: [FolderNotFound, Muted, WordsRefused],
    }),
    removeFolder: command({
      http: "DELETE /api/v1/favorite-folders/:id",
      auth: "user",
      idempotent: true,
      summary: "Deletes a folder; the videos in it stay favourites.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [FolderNotFound],
    }),

    comments: query({
      http: "GET /api/v1/videos/:id/comments",
      auth: "public",
      summary:
        "The comments on a video, the pinned one first, then the newest or those with the most likes and replies.",
      input: z.object({ id: Id, sort: z.enum(["new", "hot"]).default("new"), ...pageInput }),
      output: page(Comment),
      errors: [VideoNotFound],
    }),
    replies: query({
      http: "GET /api/v1/comments/:id/replies",
      auth: "public",
      summary: "The replies in the thread of a comment, oldest first.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Comment),
      errors: [CommentNotFound],
    }),
    /** All comments on a video with their replies, newest first. */
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
      summary: "Posts a comment on a video, or a reply to a comment on it; `@name` mentions a user, who is notified.",
      input: z.object({ id: Id, content: Said(1_000), parentId: Id.optional() }),
      output: Comment,
      errors: [VideoNotFound, CommentNotFound, CommentsOff, YouBlockThem, TheyBlockYou, Muted, WordsRefused, TooFast],
    }),
    editComment: command({
      http: "PUT /api/v1/comments/:id",
      auth: "user",
      idempotent: true,
      summary:
        "Changes the text of the caller's own comment within 5 minutes; new mentions notify nobody, and a text that needs a moderator is refused.",
      input: z.object({ id: Id, content: Said(1_000) }),
      output: Comment,
      errors: [
        CommentNotFound,
        NotYoursToEdit,
        TooLateToEdit,
        EditNeedsReview,
        CommentsOff,
        YouBlockThem,
        TheyBlockYou,
        Muted,
        WordsRefused,
        TooFast,
      ],
    }),
    ownComments: query({
      http: "GET /api/v1/users/me/comments",
      auth: "user",
      summary: "The comments that the caller wrote, latest first, whichever video they are on.",
      input: z.object(pageInput),
      output: page(OwnComment),
    }),
    ownDanmaku: query({
      http: "GET /api/v1/users/me/danmaku",
      auth: "user",
      summary: "The danmaku that the caller wrote, latest first, whichever video they are on.",
      input: z.object(pageInput),
      output: page(OwnDanmaku),
    }),
    /** Comments that the caller likes, latest first. */
    likedComments: query({ auth: "service", input: z.object(pageInput), output: page(LikedComment) }),
    /** Things that the caller opened, by which terms and when. */
    ownOpenings: query({ auth: "service", input: z.object(pageInput), output: page(OwnOpening) }),
    receivedComments: query({
      http: "GET /api/v1/users/me/received-comments",
      auth: "user",
      summary:
        "The comments on the caller's videos, newest first: all, those at the top of a thread that the caller has not replied to, or those held for a moderator; `q` is searched in the latest 10,000.",
      input: z.object({
        filter: z.enum(["all", "unanswered", "held"]).default("all"),
        q: z.string().trim().max(100).optional(),
        ...pageInput,
      }),
      output: page(ReceivedComment),
    }),
    unsay: command({
      http: "DELETE /api/v1/comments/:id",
      auth: "user",
      idempotent: true,
      summary: "Deletes a comment; at the top of a thread, its replies as well.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [CommentNotFound, NotYourComment],
    }),
    likeComment: command({
      http: "POST /api/v1/comments/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Likes a comment; repeating changes nothing.",
      input: z.object({ id: Id }),
      output: Liked,
      errors: [CommentNotFound],
    }),
    unlikeComment: command({
      http: "DELETE /api/v1/comments/:id/like",
      auth: "user",
      idempotent: true,
      summary: "Takes back a like of a comment.",
      input: z.object({ id: Id }),
      output: Liked,
      errors: [CommentNotFound],
    }),
    pin: command({
      http: "PUT /api/v1/comments/:id/pin",
      auth: "user",
      idempotent: true,
      summary: "Pins a comment to the top of the caller's video, in place of another.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [CommentNotFound, NotYoursToPin],
    }),
    unpin: command({
      http: "DELETE /api/v1/comments/:id/pin",
      auth: "user",
      idempotent: true,
      summary: "Unpins a comment.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [CommentNotFound, NotYoursToPin],
    }),

    danmaku: query({
      http: "GET /api/v1/videos/:id/danmaku",
      auth: "public",
      summary:
        "The danmaku of one stretch of 30 s, `bucket` 0 being the first; thinned to what can be read, without those the caller filters.",
      input: z.object({ id: Id, bucket: z.int().min(0).max(100_000) }),
      output: z.object({ items: z.array(Danmaku), isThinned: z.boolean() }),
      errors: [VideoNotFound],
    }),
    /** The positions of danmaku in their videos; danmaku that a moderator removed are included. */
    danmakuPositions: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({ items: z.array(z.object({ id: Id, positionMs: Duration })) }),
    }),
    sayAt: command({
      http: "POST /api/v1/videos/:id/danmaku",
      auth: "user",
      summary: "Posts a danmaku at a position of a video.",
      input: z.object({
        id: Id,
        positionMs: Duration,
        content: Said(danmakuLengthMax),
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
      summary: "Deletes a danmaku by its author or by the owner of the video.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [DanmakuNotFound, NotYourComment],
    }),
    danmakuFilters: query({
      http: "GET /api/v1/danmaku/filters",
      auth: "user",
      summary: "The caller's filters for danmaku.",
      input: z.object({}),
      output: StoredFilters,
    }),
    setDanmakuFilters: command({
      http: "PUT /api/v1/danmaku/filters",
      auth: "user",
      idempotent: true,
      summary: "Changes the caller's filters for danmaku.",
      input: DanmakuFilters,
      output: StoredFilters,
    }),
    hideAuthor: command({
      http: "POST /api/v1/danmaku/:id/hide-author",
      auth: "user",
      idempotent: true,
      summary:
        "Hides all danmaku of the author of this one from the caller, without disclosing the author; the caller's own are always shown.",
      input: z.object({ id: Id }),
      output: StoredFilters,
      errors: [DanmakuNotFound, TooManyHidden],
    }),
    showAuthor: command({
      http: "DELETE /api/v1/danmaku/:id/hide-author",
      auth: "user",
      idempotent: true,
      summary: "Shows the danmaku of the author of this one to the caller again.",
      input: z.object({ id: Id }),
      output: StoredFilters,
      errors: [DanmakuNotFound],
    }),
    showAuthors: command({
      http: "DELETE /api/v1/danmaku/hidden-authors",
      auth: "user",
      idempotent: true,
      summary: "Shows the danmaku of all hidden authors to the caller again.",
      input: z.object({}),
      output: StoredFilters,
    }),

    play: command({
      http: "POST /api/v1/videos/:id/play",
      auth: "public",
      summary:
        "Reports what was watched of a video: the position is stored in the caller's history, 3 s or 30 % count as one view per viewer and half hour, and the ranges count as watch time.",
      input: z.object({
        id: Id,
        positionMs: Duration.default(0),
        durationMs: Duration.default(0),
        finished: z.boolean().default(false),
        /**
         * The ranges that were watched since the last report, as `[from, to]`; nothing counts beyond the end of the
         * video.
         */
        ranges: z.array(Stretch).max(rangesMax).default([]),
        source: ViewSource.default("other"),
        /** The host of the page that embeds the player. */
        site: HostName.optional(),
      }),
      output: z.object({}),
      errors: [VideoNotFound],
    }),
    share: command({
      http: "POST /api/v1/videos/:id/share",
      auth: "public",
      summary: "Reports a share of a video; counts once per viewer and half hour.",
      input: z.object({ id: Id }),
      output: z.object({ shareCount: z.int() }),
      errors: [VideoNotFound],
    }),
    videoAnalytics: query({
      http: "GET /api/v1/videos/:id/analytics",
      auth: "user",
      summary:
        "Views, watch time, retention, sources and new followers of a video of the caller in the last days of UTC; as CSV the series alone.",
      input: z.object({ id: Id, days: z.literal(periods).default(28) }),
      output: VideoAnalytics,
      csv: "series",
      errors: [VideoNotFound, NotYourVideo],
    }),
    channelAnalytics: query({
      http: "GET /api/v1/users/me/analytics",
      auth: "user",
      summary: "The same over all videos of the caller, and those with the most views; as CSV the series alone.",
      input: z.object({ days: z.literal(periods).default(28) }),
      output: ChannelAnalytics,
      csv: "series",
    }),
    days: query({
      http: "GET /api/v1/videos/:id/statistics/days",
      auth: "user",
      summary: "Views and likes of a video of the caller on each of the last 30 days, by UTC; the oldest first.",
      input: z.object({ id: Id }),
      output: z.object({ items: z.array(Day) }),
      errors: [VideoNotFound, NotYourVideo],
    }),
    history: query({
      http: "GET /api/v1/history",
      auth: "user",
      summary: "The caller's watch history, latest first.",
      input: z.object({ ...pageInput }),
      output: page(WatchedVideo),
    }),
    forgetWatched: command({
      http: "DELETE /api/v1/history/:id",
      auth: "user",
      idempotent: true,
      summary: "Removes a video from the caller's watch history.",
      input: z.object({ id: Id }),
      output: z.object({}),
    }),
    clearHistory: command({
      http: "DELETE /api/v1/history",
      auth: "user",
      idempotent: true,
      summary: "Clears the caller's watch history.",
      input: z.object({}),
      output: z.object({}),
    }),
    historySettings: query({
      http: "GET /api/v1/history/settings",
      auth: "user",
      summary: "Whether the caller's watch history is on.",
      input: z.object({}),
      output: z.object({ isKept: z.boolean() }),
    }),
    setHistory: command({
      http: "PUT /api/v1/history/settings",
      auth: "user",
      idempotent: true,
      summary: "Switches the caller's watch history on or off; its videos stay until it is cleared.",
      input: z.object({ isKept: z.boolean() }),
      output: z.object({ isKept: z.boolean() }),
    }),

    continueWatching: query({
      http: "GET /api/v1/users/me/continue-watching",
      auth: "user",
      summary:
        "Of the last 1,000 videos of the caller's watch history, those that were begun and not watched to their end, latest first.",
      input: z.object({ limit: z.int().min(1).max(50).default(20) }),
      output: z.object({ items: z.array(BegunVideo) }),
    }),

    /** Counts of videos, and the caller's like, favourite and position of each; `positionMs` is where to resume. A video without counts has zeros. */
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
    /**
     * Adds the past of an imported video: views of past days, likes with their times, and the times of posted comments. Each
     * day's views come with the share that still watches in each hundredth of the length.
     */
    importActivity: command({
      auth: "service",
      idempotent: false,
      input: z.object({
        id: Id,
        days: z
          .array(z.object({ day: z.int().nonnegative(), source: ViewSource, views: z.int().min(0).max(1_000_000) }))
          .max(1_000),
        averageViewMs: Duration,
        retention: z.array(z.number().min(0).max(1)).min(retentionBuckets).max(retentionBuckets),
        likes: z.array(z.object({ userId: Id, atMs: Instant })).max(1_000),
        comments: z.array(z.object({ id: Id, atMs: Instant })).max(1_000),
      }),
      output: z.object({}),
      errors: [VideoNotFound],
    }),
    /** Likes that users' videos received, likes they gave, and their favourites. */
    authorCounts: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(z.object({ userId: Id, likeCount: z.int(), likedCount: z.int(), favoriteCount: z.int() })),
      }),
    }),
    /** All comments or danmaku that are visible to others, or were until a moderator removed them, in batches: those after this id. */
    /** Views of each day since one, by UTC, and how many viewers reported to be watching within two minutes. */
    watching: query({
      auth: "service",
      input: growth.input,
      output: growth.output.extend({ now: z.int() }),
    }),
    batch: query({
      auth: "service",
      input: z.object({
        kind: z.enum(["comment", "danmaku"]),
        after: z.int().nonnegative().default(0),
        limit: z.int().min(1).max(500).default(200),
      }),
      output: z.object({
        items: z.array(z.object({ id: Id, videoId: Id, userId: Id, content: z.string(), version: z.int().default(1) })),
      }),
    }),
    ...gateMethods,
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true, scopes: { query: "social:read", command: "social:write" } },
);
