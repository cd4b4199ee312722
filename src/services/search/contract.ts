import { Kind } from "#events/drive";
import { command, Duration, service, failure, Id, Instant, page, pageInput, query } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { z } from "zod";

export const EmptyKeyword = failure("invalid", "search.nothing_asked", "enter a search term");
/** The index is elsewhere, and does not answer or is not filled yet. */
export const SearchUnavailable = failure(
  "unavailable",
  "search.unavailable",
  "search is not available right now; try again in a moment",
);

/** Offsets in a text in UTF-16 units: from the first up to, not including, the second. */
const HighlightRange = z
  .object({
    from: z.int(),
    to: z.int(),
    /** True for a word that is merely spelled like one of the search term. */
    isNear: z.boolean().optional(),
  })
  .meta({ id: "HighlightRange" });
const Highlight = z
  .object({ field: z.enum(["title", "description"]), ranges: z.array(HighlightRange) })
  .meta({ id: "Highlight" });
/** A caption in which words of the search term are. */
const Moment = z
  .object({
    /** When it is shown. */
    atMs: Duration,
    /** BCP 47. */
    language: z.string(),
    text: z.string(),
    ranges: z.array(HighlightRange),
  })
  .meta({ id: "Moment" });
export const FoundVideo = z
  .object({
    videoId: Id,
    /** The places of the search term in the texts of the video. */
    highlights: z.array(Highlight),
    /** The captions with the most words of the search term. */
    moments: z.array(Moment),
    /** How many captions have words of it. */
    momentsTotal: z.int(),
  })
  .meta({ id: "FoundVideoItem" });
export const FoundUser = z.object({ userId: Id }).meta({ id: "FoundUserItem" });
/** A room that is live. */
export const FoundLive = z.object({ liveId: Id }).meta({ id: "FoundLiveItem" });
export const FoundHashtag = z.object({ hashtagId: Id }).meta({ id: "FoundHashtagItem" });

/** A file or folder of the caller, and where the search term is in its name. */
export const FoundFile = z.object({ entryId: Id, highlights: z.array(HighlightRange) }).meta({ id: "FoundFileItem" });

/** A search term; longer ones narrow a search no further. */
const term = z.string().max(200).optional();
/** `keyword` is an older name of `q`. */
const words = { q: term, keyword: term };
const { skip, limit, count } = pageInput;
/** The search term as videos spell it, where a word of it is in none of them. */
const corrected = { didYouMean: z.string().nullable() };
const keyword = z.string().trim().min(1).max(200);
/** How long ago a video was published at most. */
export const periods = ["day", "week", "month", "year"] as const;
export type Period = (typeof periods)[number];

export const search = service(
  "search",
  1,
  {
    all: query({
      http: "GET /api/v1/search",
      auth: "public",
      summary: "Videos, users, hashtags and rooms that are live, which match a search term; the best first.",
      input: z.object({ ...words, skip, limit, count }),
      output: z.object({
        videos: page(FoundVideo),
        users: page(FoundUser),
        hashtags: page(FoundHashtag),
        lives: page(FoundLive),
        ...corrected,
      }),
      errors: [EmptyKeyword, SearchUnavailable],
    }),
    videos: query({
      http: "GET /api/v1/search/videos",
      auth: "public",
      summary:
        "Videos by title, description, tags, hashtags, captions and author: the best, the newest or the most watched first. CJK text matches by any two adjacent characters, other words whole, by their stem, or with a typing error; the last one also by its beginning. Quotes mark a phrase. `period` leaves out those that were published longer ago.",
      input: z.object({
        ...words,
        sort: z.enum(["relevance", "new", "hot"]).default("relevance"),
        /** Published no longer ago than this; at any time where it is left out. */
        period: z.enum(periods).optional(),
        minDurationMs: Duration.optional(),
        maxDurationMs: Duration.optional(),
        shape: z.enum(["wide", "upright"]).optional(),
        /** With this tag or hashtag. */
        tag: z.string().trim().min(1).max(100).optional(),
        /** With captions in this language (BCP 47), or in `any`. */
        captions: z.string().trim().min(2).max(35).optional(),
        /** Limits results to the videos of this user. */
        author: Id.optional(),
        ...pageInput,
      }),
      output: page(FoundVideo).extend(corrected),
      errors: [EmptyKeyword, SearchUnavailable],
    }),
    users: query({
      http: "GET /api/v1/search/users",
      auth: "public",
      summary: "Users by any part of their user name or nickname: the best or the newest first.",
      input: z.object({ ...words, sort: z.enum(["relevance", "new"]).default("relevance"), ...pageInput }),
      output: page(FoundUser),
      errors: [EmptyKeyword, SearchUnavailable],
    }),
    hashtags: query({
      http: "GET /api/v1/search/hashtags",
      auth: "public",
      summary: "Hashtags by name: the best or the newest first.",
      input: z.object({ ...words, sort: z.enum(["relevance", "new"]).default("relevance"), ...pageInput }),
      output: page(FoundHashtag),
      errors: [EmptyKeyword, SearchUnavailable],
    }),
    lives: query({
      http: "GET /api/v1/search/lives",
      auth: "public",
      summary: "Public rooms that are live, by title, description and owner: the best or the newest first.",
      input: z.object({ ...words, sort: z.enum(["relevance", "new"]).default("relevance"), ...pageInput }),
      output: page(FoundLive),
      errors: [EmptyKeyword, SearchUnavailable],
    }),
    files: query({
      http: "GET /api/v1/search/files",
      auth: "user",
      summary:
        "The caller's own files and folders by any part of their names: the best or the newest first. Those in the trash are not found. The search enters neither the history nor trending searches.",
      input: z.object({
        ...words,
        sort: z.enum(["relevance", "new"]).default("relevance"),
        kind: Kind.optional(),
        ...pageInput,
      }),
      output: page(FoundFile),
      errors: [EmptyKeyword, SearchUnavailable],
    }),
    hot: query({
      http: "GET /api/v1/search/hot",
      auth: "public",
      summary: "Trending searches of several sources: each counts once an hour, and half as much a day later.",
      input: z.object({ limit: z.int().min(1).max(50).default(20) }),
      output: z.object({ items: z.array(z.object({ keyword: z.string(), score: z.number(), rank: z.int() })) }),
    }),
    suggestions: query({
      http: "GET /api/v1/search/suggestions",
      auth: "public",
      summary: "Suggestions for a typed prefix: the caller's own searches, trending searches, hashtags and users.",
      input: z.object({ ...words, limit: z.int().min(1).max(20).default(10) }),
      output: z.object({ items: z.array(z.string()) }),
      errors: [EmptyKeyword],
    }),
    history: query({
      http: "GET /api/v1/search/history",
      auth: "user",
      summary: "The caller's recent searches, latest first, each once.",
      input: z.object({ limit: z.int().min(1).max(100).default(50) }),
      output: z.object({ items: z.array(z.object({ keyword: z.string(), createdAtMs: Instant })) }),
    }),
    clearHistory: command({
      http: "DELETE /api/v1/search/history",
      auth: "user",
      idempotent: true,
      summary: "Clears the caller's search history.",
      input: z.object({}),
      output: z.object({}),
    }),
    forgetSearch: command({
      http: "DELETE /api/v1/search/history/:keyword",
      auth: "user",
      idempotent: true,
      summary: "Removes one search from the caller's history.",
      input: z.object({ keyword }),
      output: z.object({}),
    }),
    historySettings: query({
      http: "GET /api/v1/search/history/settings",
      auth: "user",
      summary: "Whether the caller's search history is on.",
      input: z.object({}),
      output: z.object({ isKept: z.boolean() }),
    }),
    setHistory: command({
      http: "PUT /api/v1/search/history/settings",
      auth: "user",
      idempotent: true,
      summary: "Switches the caller's search history on or off; its searches stay until it is cleared.",
      input: z.object({ isKept: z.boolean() }),
      output: z.object({ isKept: z.boolean() }),
    }),
    hiddenWords: query({
      http: "GET /api/v1/admin/search/hot",
      auth: "moderator",
      summary: "The keywords that are hidden from trending searches and suggestions.",
      input: z.object({ limit: z.int().min(1).max(1_000).default(1_000) }),
      output: z.object({ items: z.array(z.object({ keyword: z.string() })) }),
    }),
    setHidden: command({
      http: "PUT /api/v1/admin/search/hot",
      auth: "moderator",
      idempotent: true,
      summary: "Hides a keyword from trending searches and suggestions, or shows it again.",
      input: z.object({ keyword, isHidden: z.boolean() }),
      output: z.object({}),
    }),
    rebuild: command({
      http: "POST /api/v1/admin/search/rebuild",
      auth: "admin",
      idempotent: true,
      summary: "Compares the index with its sources and repairs it; yields how many entries were wrong.",
      input: z.object({}),
      output: z.object({
        videos: z.int(),
        users: z.int(),
        hashtags: z.int(),
        lives: z.int(),
        captions: z.int(),
        files: z.int(),
      }),
      patienceMs: 600_000,
    }),
    ...blocklist.methods,
  },
  { holdsUserData: true, scopes: { query: "search:read", command: "search:read" } },
);
