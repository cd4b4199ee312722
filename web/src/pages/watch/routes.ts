import { createRoute } from "@tanstack/react-router";
import { videoQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { idParam, idSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { loadEngine } from "#parts/player/engine/engine.ts";

/** An invitation to a locked video has 22 letters. */
const codeLengthMax = 100;

const watch = createRoute({
  getParentRoute,
  path: "/watch/$id",
  params: idParam,
  // The playlist that is played, the linked comment, and the second at which the video begins.
  validateSearch: (search) => ({
    ...idSearch("list", "comment", "t")(search),
    ...(typeof search["invitation"] === "string" && { invitation: search["invitation"].slice(0, codeLengthMax) }),
  }),
  component: lazyPage(() => import("./watch-page.tsx"), "WatchPage", "library"),
  loader: ({ params: { id } }) => {
    void loadEngine();
    if (id > 0) void queryClient.prefetchQuery(videoQuery(id));
  },
});

export const watchRoutes = [watch] as const;
