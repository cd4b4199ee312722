import type { RawRoute } from "../raw-route.ts";

const open = { verb: "GET", group: "open", auth: "public", rate: "read", kind: "query", credential: "header" } as const;

/** Routes for other sites and feed readers. */
export const openWebRoutes: readonly RawRoute[] = [
  {
    ...open,
    path: "/api/v1/oembed",
    name: "oembed",
    summary: "How to show a video or profile of here elsewhere (oEmbed 1.0, JSON).",
    answers: "application/json",
    query: ["url", "maxwidth", "maxheight", "format"],
  },
  {
    ...open,
    path: "/feeds/users/:username",
    name: "userFeed",
    summary: "The public videos of a user as RSS 2.0.",
    answers: "application/rss+xml",
  },
  {
    ...open,
    path: "/feeds/hashtags/:name",
    name: "hashtagFeed",
    summary: "The public videos of a hashtag as RSS 2.0.",
    answers: "application/rss+xml",
  },
];
