import { createRoute } from "@tanstack/react-router";
import { idParam, idSearch, type RawSearch, textSearch, wordOf } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import { type ContentFilter, states } from "./content-filter.ts";

const studio = createRoute({
  getParentRoute,
  path: "/studio",
  validateSearch: (search: RawSearch): { edit?: number | undefined } & ContentFilter => {
    const state = wordOf(states, search["state"]);
    const visibility = wordOf(visibilities, search["visibility"]);
    return {
      ...idSearch("edit")(search),
      ...textSearch(search, 100),
      ...(state && { state }),
      ...(visibility && { visibility }),
      ...(search["sort"] === "oldest" && { sort: "oldest" }),
    };
  },
  component: lazyPage(() => import("./content-page.tsx"), "ContentPage", "files", "library"),
});

const studioPlaylists = createRoute({
  getParentRoute,
  path: "/studio/playlists",
  component: lazyPage(() => import("./studio-playlists.tsx"), "StudioPlaylistsPage", "files", "library"),
});

const videoAnalytics = createRoute({
  getParentRoute,
  path: "/studio/video/$id",
  params: idParam,
  component: lazyPage(() => import("./analytics/analytics-page.tsx"), "VideoAnalyticsPage", "files", "library"),
});

const studioAnalytics = createRoute({
  getParentRoute,
  path: "/studio/analytics",
  component: lazyPage(() => import("./analytics/analytics-page.tsx"), "ChannelAnalyticsPage", "files", "library"),
});

const studioComments = createRoute({
  getParentRoute,
  path: "/studio/comments",
  component: lazyPage(() => import("./studio-comments.tsx"), "StudioCommentsPage", "files", "library"),
});

export const studioRoutes = [studio, studioPlaylists, videoAnalytics, studioAnalytics, studioComments] as const;
