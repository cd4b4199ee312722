import { command, service, event, failure, Id, Instant, page, pageInput, query } from "#kernel";
import { z } from "zod";

export const NothingAsked = failure("invalid", "search.nothing_asked", "say what to look for");

export const FoundVideo = z.object({ videoId: Id }).meta({ id: "FoundVideoItem" });
export const FoundUser = z.object({ userId: Id }).meta({ id: "FoundUserItem" });
export const FoundHashtag = z.object({ hashtagId: Id }).meta({ id: "FoundHashtagItem" });

/** Longer ones say no more. */
const asked = z.string().max(200).optional();
/** `keyword` is an older name of `q`. */
const words = { q: asked, keyword: asked };
const { skip, limit, count } = pageInput;
const keyword = z.string().trim().min(1).max(200);

export const search = service(
  "search",
  1,
  {
    all: query({
      http: "GET /api/v1/search",
      auth: "public",
      summary: "Videos, people and hashtags that have what is looked for; the best first.",
      input: z.object({ ...words, skip, limit, count }),
      output: z.object({ videos: page(FoundVideo), users: page(FoundUser), hashtags: page(FoundHashtag) }),
      errors: [NothingAsked],
    }),
    videos: query({
      http: "GET /api/v1/search/videos",
      auth: "public",
      summary:
        "Videos by title, description, tags, hashtags and author: the best, the newest or the most watched first. CJK text is found by any two adjacent characters, other words by their beginning.",
      input: z.object({ ...words, sort: z.enum(["relevance", "new", "hot"]).default("relevance"), ...pageInput }),
      output: page(FoundVideo),
      errors: [NothingAsked],
    }),
    users: query({
      http: "GET /api/v1/search/users",
      auth: "public",
      summary: "People by any part of their user name or nickname: the best or the newest first.",
      input: z.object({ ...words, sort: z.enum(["relevance", "new"]).default("relevance"), ...pageInput }),
      output: page(FoundUser),
      errors: [NothingAsked],
    }),
    hashtags: query({
      http: "GET /api/v1/search/hashtags",
      auth: "public",
      summary: "Hashtags by name: the best or the newest first.",
      input: z.object({ ...words, sort: z.enum(["relevance", "new"]).default("relevance"), ...pageInput }),
      output: page(FoundHashtag),
      errors: [NothingAsked],
    }),
    hot: query({
      http: "GET /api/v1/search/hot",
      auth: "public",
      summary: "What is looked for these days: everybody counts once an hour, and half as much a day later.",
      input: z.object({ limit: z.int().min(1).max(50).default(20) }),
      output: z.object({ items: z.array(z.object({ keyword: z.string(), score: z.number(), rank: z.int() })) }),
    }),
    suggestions: query({
      http: "GET /api/v1/search/suggestions",
      auth: "public",
      summary: "What somebody who typed this may mean: what they looked for, what others look for, hashtags, people.",
      input: z.object({ ...words, limit: z.int().min(1).max(20).default(10) }),
      output: z.object({ items: z.array(z.string()) }),
      errors: [NothingAsked],
    }),
    history: query({
      http: "GET /api/v1/search/history",
      auth: "user",
      summary: "What the caller looked for, latest first, each once.",
      input: z.object({ limit: z.int().min(1).max(100).default(50) }),
      output: z.object({ items: z.array(z.object({ keyword: z.string(), createdAtMs: Instant })) }),
    }),
    clearHistory: command({
      http: "DELETE /api/v1/search/history",
      auth: "user",
      idempotent: true,
      summary: "Forgets what the caller looked for.",
      input: z.object({}),
      output: z.object({}),
    }),
    forgetSearch: command({
      http: "DELETE /api/v1/search/history/:keyword",
      auth: "user",
      idempotent: true,
      summary: "Forgets one thing the caller looked for.",
      input: z.object({ keyword }),
      output: z.object({}),
    }),
    historySettings: query({
      http: "GET /api/v1/search/history/settings",
      auth: "user",
      summary: "Whether what the caller looks for is kept.",
      input: z.object({}),
      output: z.object({ isKept: z.boolean() }),
    }),
    setHistory: command({
      http: "PUT /api/v1/search/history/settings",
      auth: "user",
      idempotent: true,
      summary: "Switches the caller's search history on or off; what it holds stays until it is emptied.",
      input: z.object({ isKept: z.boolean() }),
      output: z.object({ isKept: z.boolean() }),
    }),
    hiddenWords: query({
      http: "GET /api/v1/admin/search/hot",
      auth: "moderator",
      summary: "The words that were taken off the hot list and the suggestions.",
      input: z.object({ limit: z.int().min(1).max(1_000).default(1_000) }),
      output: z.object({ items: z.array(z.object({ keyword: z.string() })) }),
    }),
    setHidden: command({
      http: "PUT /api/v1/admin/search/hot",
      auth: "moderator",
      idempotent: true,
      summary: "Takes a word off the hot list and the suggestions, or lets it back.",
      input: z.object({ keyword, isHidden: z.boolean() }),
      output: z.object({}),
    }),
    rebuild: command({
      http: "POST /api/v1/admin/search/rebuild",
      auth: "admin",
      idempotent: true,
      summary: "Compares the index with what it was made from, and repairs it; says how many entries were wrong.",
      input: z.object({}),
      output: z.object({ videos: z.int(), users: z.int(), hashtags: z.int() }),
      patienceMs: 600_000,
    }),
  },
  { holdsUserData: true },
);

/** Somebody looked for something; `results` counts to 1,001. */
export const searchPerformed = event(
  "search.performed.v1",
  z.object({ userId: Id.optional(), keyword: z.string(), results: z.int(), atMs: Instant }),
);
