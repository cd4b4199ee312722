import { command, contract, Duration, event, Id, Instant, query } from "#kernel";
import { VideoNotFound } from "#services/video/contract";
import { z } from "zod";

const Liked = z.object({ liked: z.boolean(), likeCount: z.int() });

export const interaction = contract("interaction", 1, {
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
  play: command({
    http: "POST /api/v1/videos/:id/play",
    auth: "public",
    summary: "Tells how far somebody watched; 3 s or 30 % count as one view per viewer and half hour.",
    input: z.object({
      id: Id,
      positionMs: Duration.default(0),
      durationMs: Duration.default(0),
      finished: z.boolean().default(false),
    }),
    output: z.object({}),
    errors: [VideoNotFound],
  }),
  /** Counts of videos and the caller's own marks on them. A video nobody touched has zeros. */
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
        }),
      ),
    }),
  }),
  /** Likes that users' videos received. */
  authorCounts: query({
    auth: "service",
    input: z.object({ userIds: z.array(Id).max(200) }),
    output: z.object({ items: z.array(z.object({ userId: Id, likeCount: z.int(), favoriteCount: z.int() })) }),
  }),
});

export const videoLiked = event("video.liked.v1", z.object({ videoId: Id, userId: Id, atMs: Instant }));
export const videoUnliked = event("video.unliked.v1", z.object({ videoId: Id, userId: Id, atMs: Instant }));
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
