import { createRoute } from "@tanstack/react-router";
import { queryClient } from "#base/api/query-client.ts";
import { idParam, idSearch, invitationSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { liveQuery } from "#parts/live/queries.ts";
import { loadEngine } from "#parts/player/engine/engine.ts";

const lives = createRoute({
  getParentRoute,
  path: "/live",
  component: lazyPage(() => import("./lives-page.tsx"), "LivesPage", "live"),
});

const liveRoom = createRoute({
  getParentRoute,
  path: "/live/$id",
  params: idParam,
  validateSearch: invitationSearch,
  component: lazyPage(() => import("./room/room-page.tsx"), "LiveRoomPage", "live", "room"),
  loader: ({ params: { id } }) => {
    void loadEngine();
    if (id > 0) void queryClient.prefetchQuery(liveQuery(id));
  },
});

const goLive = createRoute({
  getParentRoute,
  path: "/live/new",
  // The room that is prepared, once there is one.
  validateSearch: idSearch("room"),
  component: lazyPage(() => import("./studio/go-live-page.tsx"), "GoLivePage", "live", "files", "library"),
});

const liveStudio = createRoute({
  getParentRoute,
  path: "/live/$id/studio",
  params: idParam,
  component: lazyPage(() => import("./studio/studio-page.tsx"), "LiveStudioPage", "live", "room", "library"),
});

export const liveRoutes = [lives, liveRoom, goLive, liveStudio] as const;
