import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const me = createRoute({
  getParentRoute,
  path: "/me",
  component: lazyPage(() => import("./me-page.tsx"), "MePage", "files"),
});

export const meRoutes = [me] as const;
