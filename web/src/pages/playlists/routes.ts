import { createRoute } from "@tanstack/react-router";
import { idParam, invitationSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const playlists = createRoute({
  getParentRoute,
  path: "/playlists",
  component: lazyPage(() => import("./playlists-page.tsx"), "PlaylistsPage", "library"),
});

const playlist = createRoute({
  getParentRoute,
  path: "/playlist/$id",
  params: idParam,
  validateSearch: invitationSearch,
  component: lazyPage(() => import("./playlist-page.tsx"), "PlaylistPage", "library"),
});

export const playlistsRoutes = [playlists, playlist] as const;
