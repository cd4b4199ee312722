import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const history = createRoute({
  getParentRoute,
  path: "/history",
  component: lazyPage(() => import("./history-page.tsx"), "HistoryPage"),
});

export const historyRoutes = [history] as const;
