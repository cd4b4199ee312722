import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const yourFeed = createRoute({
  getParentRoute,
  path: "/your-feed",
  component: lazyPage(() => import("./your-feed-page.tsx"), "YourFeedPage", "yourFeed"),
});

export const yourFeedRoutes = [yourFeed] as const;
