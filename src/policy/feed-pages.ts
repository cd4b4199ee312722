/**
 * How a page of the main feed came about, the best way first: made for its viewer; the same for everybody; the same since
 * the viewer's own was not ready in time; from tables, before memory is filled; the newest videos, without recommend.
 */
export type FeedRung = "personal" | "common" | "late" | "tables" | "newest";

/** The counter of pages, by which recommend and gateways count together. */
export const feedPages = {
  service: "recommend",
  name: "feed_pages_total",
  help: "pages of the main feed by how they came about, and by model",
  labels: ["rung", "model"],
} as const;
