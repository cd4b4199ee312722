import type { FeedName } from "#base/api/queries.ts";

/** The key of the video that was watched last in this tab: the feed opens there again. */
export const placeKey = (name: FeedName): string => `kinora.feed.${name}`;
