import { event } from "#kernel";
import { z } from "zod";

/**
 * Entries of caches were deleted in all processes: those of one cache, of these keys (`<cache>/<key>`) or about these
 * subjects; all of them where none is named. A long list is published in parts.
 */
export const cacheInvalidated = event(
  "cache.invalidated.v1",
  z.object({ name: z.string().optional(), keys: z.array(z.string()), tags: z.array(z.string()) }),
);

/** Entries of a cache were looked up ahead of time; `count` is their number in all processes together. */
export const cacheWarmed = event("cache.warmed.v1", z.object({ name: z.string(), count: z.int() }));
