import type { RawRoute } from "../raw-route.ts";

const open = {
  verb: "GET",
  group: "open",
  scope: "any",
  auth: "public",
  rate: "read",
  kind: "query",
  credential: "header",
} as const;

/** Routes for other sites and feed readers. */
export const openWebRoutes: readonly RawRoute[] = [
  {
    ...open,
    path: "/api/v1/oembed",
    name: "oembed",
    summary: "How to show a video, live room or profile of here elsewhere (oEmbed 1.0, JSON).",
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
  {
    ...open,
    path: "/feeds/users/:username/podcast",
    name: "podcast",
    summary: "The public recordings of a user without pictures, as RSS 2.0 for podcast apps.",
    answers: "application/rss+xml",
  },
  {
    ...open,
    path: "/robots.txt",
    name: "robots",
    summary: "What search engines may visit (RFC 9309).",
    answers: "text/plain",
  },
  {
    ...open,
    path: "/.well-known/security.txt",
    name: "securityTxt",
    summary: "Where to report vulnerabilities (RFC 9116): the contact of the instance, where that is an address.",
    answers: "text/plain",
  },
  {
    ...open,
    path: "/sitemap.xml",
    name: "sitemapIndex",
    summary: "The list of the sitemaps of public videos (sitemaps.org 0.9).",
    answers: "application/xml",
  },
  {
    ...open,
    path: "/sitemaps/videos/:id",
    name: "sitemap",
    summary: "The public videos from this one on, 200 at most, as a sitemap with video entries.",
    answers: "application/xml",
  },
];
