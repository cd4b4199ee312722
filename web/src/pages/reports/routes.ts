import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const reports = createRoute({
  getParentRoute,
  path: "/reports",
  component: lazyPage(() => import("./my-reports-page.tsx"), "MyReportsPage", "admin"),
});

export const reportsRoutes = [reports] as const;
