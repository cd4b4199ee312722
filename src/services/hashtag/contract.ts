import { command, service, failure, Id, Instant, page, pageInput, query } from "#kernel";
import { mutes } from "#policy/copies/mutes";
import { blocklist } from "#policy/copies/blocklist";
import { WordsRefused } from "#policy/copies/blocklist";
import { Muted } from "#policy/copies/mutes";
import { z } from "zod";

export const HashtagNotFound = failure("not_found", "hashtag.not_found", "no such hashtag");

/** 1–50 characters, NFKC, without the `#` it may be written with. Spellings that differ in case or width are one hashtag. */
export const HashtagName = z
  .string()
  .max(200)
  .trim()
  .normalize("NFKC")
  .regex(/^#?[^\s#\p{C}](?:[^#\p{C}]{0,48}[^\s#\p{C}])?$/u, "1 to 50 characters, without # inside")
  .transform((name) => name.replace("#", ""));

export const Hashtag = z
  .object({
    id: Id,
    /** As it was first written. */
    name: z.string(),
    description: z.string(),
    /** Views of its videos. */
    viewCount: z.int(),
    /** Its public videos. */
    videoCount: z.int(),
    /** The weight of its videos and their views, halved each day. */
    hotScore: z.number(),
    isHot: z.boolean(),
    createdAtMs: Instant,
  })
  .meta({ id: "Hashtag" });
export type Hashtag = z.infer<typeof Hashtag>;

/** The hottest videos of a trending hashtag, whose covers stand for it: as many as let a list of hashtags show each cover once. */
export const coversMax = 3;
/** A trending hashtag; the gateway adds the covers of its hottest videos. */
export const TrendingHashtag = Hashtag.extend({ videoIds: z.array(Id).max(coversMax) }).meta({
  id: "TrendingHashtagItem",
});
export type TrendingHashtag = z.infer<typeof TrendingHashtag>;

/** A video of a hashtag; the gateway adds the video. */
export const TaggedVideo = z.object({ videoId: Id }).meta({ id: "TaggedItem" });

export const hashtag = service(
  "hashtag",
  1,
  {
    create: command({
      http: "POST /api/v1/hashtags",
      auth: "user",
      idempotent: true,
      summary: "Creates the hashtag of this name, or yields the existing one; the first spelling and description stay.",
      input: z.object({ name: HashtagName, description: z.string().trim().normalize("NFC").max(500).default("") }),
      output: Hashtag,
      errors: [Muted, WordsRefused],
    }),
    get: query({
      http: "GET /api/v1/hashtags/:id",
      auth: "public",
      summary: "A hashtag.",
      input: z.object({ id: Id }),
      output: Hashtag,
      errors: [HashtagNotFound],
    }),
    byName: query({
      http: "GET /api/v1/hashtags/by-name/:name",
      auth: "public",
      summary: "A hashtag by its name, whatever the case and width.",
      input: z.object({ name: HashtagName }),
      output: Hashtag,
      errors: [HashtagNotFound],
    }),
    hot: query({
      http: "GET /api/v1/hashtags/hot",
      auth: "public",
      summary: "Trending hashtags of public videos, the hottest first.",
      input: z.object({ limit: z.int().min(1).max(100).default(20) }),
      output: z.object({ items: z.array(Hashtag) }),
    }),
    trending: query({
      http: "GET /api/v1/hashtags/trending",
      auth: "public",
      summary: "As `GET /hashtags/hot`, each hashtag with the covers of up to three of its hottest videos.",
      input: z.object({ limit: z.int().min(1).max(50).default(12) }),
      output: z.object({ items: z.array(TrendingHashtag) }),
    }),
    videos: query({
      http: "GET /api/v1/hashtags/:id/videos",
      auth: "public",
      summary: "The public videos of a hashtag, the newest or the hottest first.",
      input: z.object({ id: Id, sort: z.enum(["new", "hot"]).default("new"), ...pageInput }),
      output: page(TaggedVideo),
      errors: [HashtagNotFound],
    }),
    /** The hashtags of these ids that exist, in no order. */
    briefs: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({ items: z.array(Hashtag) }),
    }),
    /** All of them, in batches: those after this id. */
    batch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(1_000).default(500) }),
      output: z.object({ items: z.array(z.object({ id: Id, name: z.string() })) }),
    }),
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true, scopes: { query: "videos:read", command: "videos:write" } },
);
