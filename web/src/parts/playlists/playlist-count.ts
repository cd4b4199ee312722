import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** How many playlists of a user the viewer may see. */
export const playlistCountQuery = (userId: number) =>
  queryOptions({
    queryKey: keyOf("playlists-of", userId, "count"),
    queryFn: async ({ signal }) => {
      const query = { page: 1, page_size: 1 };
      const { total = 0 } = await ask("video.playlistsOf", { path: { id: userId }, query, signal });
      return total;
    },
  });
