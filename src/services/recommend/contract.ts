import { command, Duration, failure, service, Id, Instant, page, pageInput, query } from "#kernel";
import { PasswordNeeded, VideoNotFound } from "#services/video/contract";
import { ChainUnavailable, GateClosed } from "#policy/gates/failures";
import { z } from "zod";

/** The reason for a video in a feed. */
export const Reason = z.enum(["hot", "follow", "content", "similar", "fresh"]);

/** An item of a feed; the gateway adds the video. */
export const FeedItem = z
  .object({
    videoId: Id,
    reason: Reason,
    /** The tag that is why, without `#`; null where another thing is. */
    tag: z.string().nullable(),
    /** Accounts the caller follows whose likes are why, at most three; the gateway adds their names. */
    likedByIds: z.array(Id).max(3).optional(),
  })
  .meta({ id: "FeedItem" });
/** A row of a list of videos; the gateway adds the video. */
export const ListedVideo = z.object({ videoId: Id }).meta({ id: "ListedItem" });

/** An account that the caller follows; the gateway adds the user. */
export const FollowedAuthor = z
  .object({
    userId: Id,
    /** When it last published what the caller may see; null where it never did. */
    publishedAtMs: Instant.nullable(),
  })
  .meta({ id: "FollowedAuthorItem" });

const Scope = z.enum(["video", "author", "tag"]);
/** A thing that a user is not interested in; the gateway adds its author and the video that they chose it at. */
export const NotInterested = z
  .object({
    scope: Scope,
    videoId: Id,
    /** For the scope `author`. */
    authorId: Id.nullable(),
    /** For the scope `tag`: without `#`, in lower case. */
    tag: z.string().nullable(),
    createdAtMs: Instant,
  })
  .meta({ id: "NotInterestedItem" });
const notInterested = {
  input: z.object({ id: Id, scope: Scope.default("video"), tag: z.string().max(51).optional() }),
  output: z.object({ scope: Scope }),
  errors: [VideoNotFound, PasswordNeeded, GateClosed, ChainUnavailable],
};

/** A user's actions on a video, as the feed records them. */
export const WatchSignal = z
  .object({
    videoId: Id,
    watchedMs: Duration,
    isFinished: z.boolean(),
    isLiked: z.boolean(),
    isFavorited: z.boolean(),
    isShared: z.boolean(),
    isCommented: z.boolean(),
    isFollowed: z.boolean(),
    isRefused: z.boolean(),
    changedAtMs: Instant,
  })
  .meta({ id: "WatchSignal" });

/** How much more or less of something a user wants: -2 is much less, 0 as usual, 2 much more. */
const Weight = z.int().min(-2).max(2);
const FeedSettings = z
  .object({
    /** Off: the feed is the same as for everybody. */
    isPersonal: z.boolean(),
    fresh: Weight,
    following: Weight,
    popular: Weight,
    /** The weight of videos that viewers of the same videos watched. */
    similar: Weight,
  })
  .meta({ id: "FeedSettings" });

const InterestKind = z.enum(["tag", "author", "length"]);
/** Something that a user seems to like; the gateway adds the author. */
export const Interest = z
  .object({
    kind: InterestKind,
    /** The tag without `#`, the number of the author, or `short` (below a minute), `medium` (below ten) or `long`. */
    name: z.string(),
    authorId: Id.nullable(),
    /** How much, up to 1. */
    strength: z.number().min(0).max(1),
  })
  .meta({ id: "InterestItem" });
export const ModelNotFound = failure("not_found", "recommend.model_not_found", "there is no such model");
const Model = z
  .object({
    id: Id,
    createdAtMs: Instant,
    /** The size of the training set: all signals, and the users and videos that count. */
    signals: z.int(),
    users: z.int(),
    videos: z.int(),
    /** Recall and NDCG of the first 20 on a fifth of the histories, which was held back from another model. */
    recall: z.number(),
    ndcg: z.number(),
    /** How many of a hundred viewers have it. */
    share: z.int(),
  })
  .meta({ id: "RecommendModel" });

/** A muted tag or account, left out of a user's lists and feeds; the gateway adds the account. */
export const Muted = z
  .object({ tag: z.string().nullable(), authorId: Id.nullable(), createdAtMs: Instant })
  .meta({ id: "MutedItem" });
const mute = {
  /** A tag, or the number of an account. */
  input: z.object({ kind: z.enum(["tag", "author"]), name: z.string().min(1).max(51) }),
  output: z.object({}),
};

const feedLimit = z.int().min(1).max(50).default(10);
const feed = {
  input: z.object({ cursor: pageInput.cursor, limit: feedLimit }),
  output: z.object({ items: z.array(FeedItem), next: z.string().nullable() }),
};

export const recommend = service(
  "recommend",
  1,
  {
    videos: query({
      http: "GET /api/v1/videos",
      auth: "public",
      summary:
        "The public videos: trending (the highest hot score first), the latest published, or the most viewed; without those of users that a block stands between. A square video is wide.",
      input: z.object({
        sort: z.enum(["trending", "latest", "popular"]).default("trending"),
        categoryId: Id.optional(),
        /** Videos of this author alone. */
        userId: Id.optional(),
        shape: z.enum(["wide", "upright"]).optional(),
        minDurationMs: Duration.optional(),
        maxDurationMs: Duration.optional(),
        ...pageInput,
      }),
      output: page(ListedVideo),
    }),
    feed: query({
      http: "GET /api/v1/recommend/feed",
      auth: "public",
      summary:
        "Videos to watch next: for users what viewers of the same videos watched, then the latest with hot ones among them. The cursor is opaque; a feed that is read to its end repeats no video.",
      ...feed,
    }),
    hot: query({
      http: "GET /api/v1/recommend/hot",
      auth: "public",
      summary: "The public videos, the highest hot score first. The cursor is opaque; no video is repeated.",
      ...feed,
    }),
    following: query({
      http: "GET /api/v1/recommend/following",
      auth: "user",
      summary:
        "Videos of the authors whom the caller follows, the latest published first, those for followers among them.",
      ...feed,
    }),
    followedAuthors: query({
      http: "GET /api/v1/recommend/following/authors",
      auth: "user",
      summary: "The accounts the caller follows, those that published last first, with the time of their latest video.",
      input: z.object({ limit: z.int().min(1).max(50).default(8) }),
      output: z.object({ items: z.array(FollowedAuthor) }),
    }),
    refresh: command({
      http: "POST /api/v1/recommend/refresh",
      auth: "user",
      summary:
        "The beginning of a new feed, without the videos that feeds served to the caller within the last half hour.",
      input: z.object({ limit: feedLimit }),
      output: z.object({ items: z.array(FeedItem) }),
    }),
    related: query({
      http: "GET /api/v1/videos/:id/related",
      auth: "public",
      summary:
        "Videos to watch after one, never itself: those with rare tags in common, of the same author, and watched by the same users; the hottest fill the rest.",
      input: z.object({ id: Id, limit: z.int().min(1).max(50).default(20) }),
      output: z.object({ items: z.array(FeedItem) }),
      errors: [VideoNotFound, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    markNotInterested: command({
      http: "POST /api/v1/videos/:id/not-interested",
      auth: "user",
      idempotent: true,
      summary:
        "Leaves a video, all of its author or all with a tag out of the caller's lists and feeds; the latest thousand of these hold.",
      ...notInterested,
    }),
    unmarkNotInterested: command({
      http: "DELETE /api/v1/videos/:id/not-interested",
      auth: "user",
      idempotent: true,
      summary: "Has a video, its author or a tag in the caller's lists and feeds again.",
      ...notInterested,
    }),
    notInterested: query({
      http: "GET /api/v1/users/me/not-interested",
      auth: "user",
      summary: "What is left out of the caller's lists and feeds, the latest first, with the video where they said so.",
      input: z.object(pageInput),
      output: page(NotInterested),
    }),
    feedSettings: query({
      http: "GET /api/v1/recommend/settings",
      auth: "user",
      summary: "Whether the caller's feed is personal, and how much of what it has.",
      input: z.object({}),
      output: FeedSettings,
    }),
    setFeedSettings: command({
      http: "PUT /api/v1/recommend/settings",
      auth: "user",
      idempotent: true,
      summary: "Changes the caller's feed from the next page on; what is left out stays as it is.",
      input: FeedSettings.partial(),
      output: FeedSettings,
    }),
    interests: query({
      http: "GET /api/v1/recommend/interests",
      auth: "user",
      summary: "What the caller seems to like by what they watched, the strongest first: tags, authors and lengths.",
      input: z.object({ limit: z.int().min(1).max(100).default(50) }),
      output: z.object({ items: z.array(Interest) }),
    }),
    setInterest: command({
      http: "PUT /api/v1/recommend/interests",
      auth: "user",
      idempotent: true,
      summary:
        "Removes an interest of the caller, so that only what is watched from now on counts for it, or takes that back.",
      input: z.object({ kind: InterestKind, name: z.string().min(1).max(51), isRemoved: z.boolean() }),
      output: z.object({}),
    }),
    mute: command({
      http: "POST /api/v1/recommend/mutes",
      auth: "user",
      idempotent: true,
      summary: "Leaves all videos with a tag or all of an account out of the caller's lists and feeds.",
      ...mute,
    }),
    mutes: query({
      http: "GET /api/v1/recommend/mutes",
      auth: "user",
      summary: "The tags and accounts that are left out of the caller's lists and feeds, the latest first.",
      input: z.object(pageInput),
      output: page(Muted),
    }),
    unmute: command({
      http: "DELETE /api/v1/recommend/mutes",
      auth: "user",
      idempotent: true,
      summary: "Has videos with a tag or of an account in the caller's lists and feeds again.",
      ...mute,
    }),
    reset: command({
      http: "POST /api/v1/recommend/reset",
      auth: "user",
      idempotent: true,
      summary:
        "Forgets what the caller watched and chose, so that the feed begins anew; the watch history and what is muted stay.",
      input: z.object({}),
      output: z.object({}),
    }),
    signals: query({
      http: "GET /api/v1/recommend/signals",
      auth: "user",
      summary: "What the caller's feed is made of: what they did with each video, the latest first.",
      input: z.object(pageInput),
      output: page(WatchSignal),
    }),
    models: query({
      http: "GET /api/v1/admin/recommend/models",
      auth: "admin",
      summary: "The latest trained models, with how well each did and how many viewers have it.",
      input: z.object({}),
      output: z.object({ items: z.array(Model) }),
    }),
    train: command({
      http: "POST /api/v1/admin/recommend/train",
      auth: "admin",
      idempotent: true,
      summary: "Trains a model in the background; viewers have it once it is done.",
      input: z.object({}),
      output: z.object({}),
    }),
    setModelShare: command({
      http: "PUT /api/v1/admin/recommend/models/:id",
      auth: "admin",
      idempotent: true,
      summary:
        "Gives a model to so many of a hundred viewers, the same ones each time; the others have the model they had most. 100 goes back to an older model.",
      input: z.object({ id: Id, share: z.int().min(0).max(100) }),
      output: z.object({}),
      errors: [ModelNotFound],
    }),
    /**
     * Public videos published strictly before an instant, newest first. Those of one instant come on one page: the last one's
     * instant continues without gap or repeat.
     */
    before: query({
      auth: "service",
      input: z.object({ beforeMs: Instant.optional(), limit: z.int().min(1).max(50) }),
      output: z.object({ items: z.array(z.object({ videoId: Id, publishedAtMs: Instant })) }),
    }),
  },
  { holdsUserData: true, scopes: { query: "videos:read", command: "social:write" } },
);
