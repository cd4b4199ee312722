import type { Call, Client, Id } from "#kernel";
import { type Video, video } from "#services/video/contract";
import type { ClientOf } from "../../client-of.ts";
import { allRows, type Endpoints, type Handlers, userIdIn } from "./endpoints.ts";
import { publishedBefore } from "./feed.ts";
import { instantIn } from "./parameters.ts";

const batchMax = 100;

/** The feed, and the videos of an author. */
export function videoHandlers(client: ClientOf, endpoints: Endpoints): Handlers {
  const videos = client(video);
  return {
    feed: endpoints.handler(async ({ parameters, call, presenter }) => {
      let beforeMs = instantIn(parameters["latest_time"]);
      // Videos that the caller may not see leave gaps; a page of gaps alone is not the end.
      for (;;) {
        const items = await publishedBefore(client, beforeMs, call);
        const last = items.at(-1);
        if (!last) return { video_list: [], next_time: 0 };
        const ids = items.map(({ videoId }) => videoId);
        const rows = await visibleVideos(videos, ids, call);
        const oldest = items.findLast(({ videoId }) => rows.some(({ id }) => id === videoId));
        if (oldest) return { video_list: await presenter.videos(rows), next_time: oldest.publishedAtMs };
        beforeMs = last.publishedAtMs;
      }
    }),

    published: endpoints.handler(async (request) => {
      const id = userIdIn(request);
      const rows = await allRows((page) => videos.ofUser({ id, ...page }, request.call));
      return { video_list: await request.presenter.videos(rows) };
    }),
  };
}

/** The given videos that the caller may see, in the given order. */
export async function visibleVideos(videos: Client<typeof video>, ids: readonly Id[], call: Call): Promise<Video[]> {
  const rows: Video[] = [];
  for (let n = 0; n < ids.length; n += batchMax)
    rows.push(...(await videos.visible({ ids: ids.slice(n, n + batchMax) }, call)).items);
  return rows;
}
