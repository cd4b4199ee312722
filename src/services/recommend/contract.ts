import { command, Duration, service, Id, Instant, page, pageInput, query } from "#kernel";
import { z } from "zod";

/** The reason for a video in a feed. */
export const Reason = z.enum(["hot", "follow", "content", "similar", "fresh"]);

/** An item of a feed; the gateway adds the video. */
export const FeedItem = z.object({ videoId: Id, reason: Reason }).meta({ id: "FeedItem" });
/** A row of a list of videos; the gateway adds the video. */
export const ListedVideo = z.object({ videoId: Id }).meta({ id: "ListedItem" });

const feedLimit = z.int().min(1).max(50).default(10);
const feed = {
  input: z.object({ cursor: pageInput.cursor, limit: feedLimit }),
  output: z.object({ items: z.array(FeedItem), next: z.string().nullable() }),
};

export const recommend = service("recommend", 1, {
  videos: query({
    http: "GET /api/v1/videos",
    auth: "public",
    summary:
      "The public videos: trending (the highest hot score first), the latest published, or the most viewed; without those of users that a block stands between. A square video is wide.",
    input: z.object({
      sort: z.enum(["trending", "latest", "popular"]).default("trending"),
      categoryId: Id.optional(),
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
      "Videos to watch next: the latest, with hot ones among them. The cursor is opaque; a feed that is read to its end repeats no video.",
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
  refresh: command({
    http: "POST /api/v1/recommend/refresh",
    auth: "user",
    summary:
      "The beginning of a new feed, without the videos that feeds served to the caller within the last half hour.",
    input: z.object({ limit: feedLimit }),
    output: z.object({ items: z.array(FeedItem) }),
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
});
