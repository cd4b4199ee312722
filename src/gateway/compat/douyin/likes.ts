import { interaction } from "#services/interaction/contract";
import { video } from "#services/video/contract";
import type { ClientOf } from "../../client-of.ts";
import { allRows, type Endpoints, type Handlers, userIdIn } from "./endpoints.ts";
import { actionIn, idIn } from "./parameters.ts";
import { visibleVideos } from "./videos.ts";

/** Likes, which this API calls favourites. */
export function likeHandlers(client: ClientOf, endpoints: Endpoints): Handlers {
  const interactions = client(interaction);
  return {
    favorite: endpoints.handler(async ({ parameters, call }) => {
      const id = idIn(parameters, "video_id");
      await (actionIn(parameters) === "do" ? interactions.like({ id }, call) : interactions.unlike({ id }, call));
      return undefined;
    }),

    favorites: endpoints.handler(async (request) => {
      const { call, presenter } = request;
      const id = userIdIn(request);
      const likes = await allRows((page) => interactions.likes({ id, ...page }, call));
      const ids = likes.map(({ videoId }) => videoId);
      return { video_list: await presenter.videos(await visibleVideos(client(video), ids, call)) };
    }),
  };
}
