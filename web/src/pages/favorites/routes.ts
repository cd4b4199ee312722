import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const saved = createRoute({
  getParentRoute,
  path: "/saved",
  component: lazyPage(() => import("./saved-page.tsx"), "SavedPage", "library"),
});

export const favoritesRoutes = [saved] as const;
