/** Pages of the signed-in user, and pages that list nothing by themselves. */
const closed = [
  "/admin",
  "/drive",
  "/forgot",
  "/history",
  "/inbox",
  "/login",
  "/me",
  "/moderation",
  "/playlists",
  "/reports",
  "/reset",
  "/saved",
  "/search",
  "/settings",
  "/signup",
  "/studio",
  "/upload",
  "/verify-email",
  "/undo-email",
  "/your-feed",
];
/**
 * Addresses that search engines need for a video beside its page: pictures, the film and its description for other
 * sites.
 */
const openApis = ["/api/v1/streaming/", "/api/v1/media/", "/api/v1/oembed", "/api/v1/videos"];

/**
 * The paths that search engines may visit (RFC 9309; the longest match counts), and the address of the sitemap. Pure.
 */
export const robots = (base: string): string =>
  [
    "User-agent: *",
    ...closed.map((path) => `Disallow: ${path}`),
    "Disallow: /api/",
    ...openApis.map((path) => `Allow: ${path}`),
    "",
    `Sitemap: ${base}/sitemap.xml`,
    "",
  ].join("\n");
