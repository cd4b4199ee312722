import { createRoute } from "@tanstack/react-router";
import { videoQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { idOf, idParam, type RawSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { loadEngine } from "#parts/player/engine/engine.ts";

const watch = createRoute({
  getParentRoute,
  path: "/watch/$id",
  params: idParam,
  // The playlist that is played, and the comment that was linked to.
  // `t` is the second it begins at.
  validateSearch: (
    search: RawSearch,
  ): { list?: number | undefined; comment?: number | undefined; t?: number | undefined } => {
    const [list, comment, t] = [idOf(search["list"]), idOf(search["comment"]), idOf(search["t"])];
    return {
      ...(list !== undefined && { list }),
      ...(comment !== undefined && { comment }),
      ...(t !== undefined && { t }),
    };
  },
  component: lazyPage(() => import("./watch-page.tsx"), "WatchPage", "library"),
  loader: ({ params: { id } }) => {
    void loadEngine();
    if (id > 0) void queryClient.prefetchQuery(videoQuery(id));
  },
});

export const watchRoutes = [watch] as const;
