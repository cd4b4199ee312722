import { createRoute } from "@tanstack/react-router";
import { idParam } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const embed = createRoute({
  getParentRoute,
  path: "/embed/$id",
  params: idParam,
  component: lazyPage(() => import("./embed-page.tsx"), "EmbedPage"),
});

const liveEmbed = createRoute({
  getParentRoute,
  path: "/embed/live/$id",
  params: idParam,
  component: lazyPage(() => import("./live-embed-page.tsx"), "LiveEmbedPage", "live", "room"),
});

export const embedRoutes = [embed, liveEmbed] as const;
