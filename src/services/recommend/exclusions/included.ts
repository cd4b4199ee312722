import type { PoolVideo } from "../pool/pool-video.ts";
import type { Exclusions } from "./exclusion-store.ts";

/** True for videos that are not excluded: `isIncluded` of the store, in memory. */
export function isIncludedIn({ userIds, videoIds, tags }: Exclusions): (video: PoolVideo) => boolean {
  const [users, videos, keys] = [new Set(userIds), new Set(videoIds), new Set(tags)];
  return (video) =>
    !users.has(video.userId) &&
    !videos.has(video.videoId) &&
    !(keys.size > 0 && video.tags.some((tag) => keys.has(tag)));
}
