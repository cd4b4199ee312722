import { captionsRemoved } from "#events/media";
import { streamingStarted, streamingStopped } from "#events/streaming";
import { videoDeleted, videoUpdated } from "#events/video";
import { type Host, on, plugin, joinHandlers } from "#kernel";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { video } from "#services/video/contract";
import { createPlayableCache, createStreamAccess } from "./access.ts";
import { createAddresses } from "./addresses.ts";
import { createContentLookup, createManifests } from "./content.ts";
import { streaming } from "./contract.ts";
import { createFiles } from "./files.ts";
import { coverFile } from "./paths.ts";
import { migrations } from "./migrations.ts";
import { createCdnPurge } from "./purge.ts";
import { Settings } from "./settings.ts";
import type * as store from "./store.ts";
import { createStoredCaptions, createStoredIndexes } from "./stored-texts.ts";
import { createViewings } from "./viewings.ts";

export const streamingPlugin = plugin({
  contract: streaming,
  needs: [video, media, auth],
  migrations,
  events: [streamingStarted, streamingStopped],
  keys: ["playback"],
  settings: Settings,
  async start(host: Host<store.Tables, Settings>) {
    const { blob, key, settings } = host;
    const cdnOrigin = settings.cdnUrl === undefined ? undefined : new URL(settings.cdnUrl).origin;
    const purge = createCdnPurge(host, settings.purgeUrl);
    const cache = createPlayableCache(host);
    const access = createStreamAccess(host, cache, key("playback"));
    const lookup = createContentLookup({ ...access, cache, cdnOrigin });

    const viewings = createViewings(host);

    return {
      handlers: joinHandlers(
        createAddresses(host, access, cdnOrigin),
        createManifests(createStoredIndexes(blob), createStoredCaptions(blob), { ...lookup, viewings }),
        createFiles({ ...access, ...lookup, cache, viewings }),
      ),

      subscriptions: [
        on(videoUpdated, async (tx, { videoId, changed, visibility, generation, mediaId, coverMediaId }) => {
          cache.videos.drop(videoId);
          if (["visibility", "media", "status"].some((name) => changed.includes(name)))
            await purge.generation(tx, { videoId, generation: generation - 1, mediaId, coverMediaId });
          else if (changed.includes("coverUrl") && coverMediaId && visibility === "public")
            await purge.file(tx, { videoId, generation, file: coverFile(coverMediaId) });
        }),
        on(captionsRemoved, (tx, captions) => purge.captions(tx, captions)),
        on(videoDeleted, async (tx, { videoId, mediaId, generation, coverMediaId }) => {
          cache.videos.drop(videoId);
          cache.objects.drop(mediaId);
          if (generation !== undefined) await purge.generation(tx, { videoId, generation, mediaId, coverMediaId });
        }),
      ],

      jobs: purge.jobs,
      schedules: [viewings.schedule],
      stop: viewings.stop,
    };
  },
});
