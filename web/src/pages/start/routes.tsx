import { createRoute } from "@tanstack/react-router";
import { createElement } from "react";
import { startPage, useStartPage } from "#base/frame/start-page.ts";
import { getParentRoute } from "#base/route/root.ts";
import { explorePage } from "#pages/explore/routes.ts";
import { feedPage } from "#pages/feed/routes.tsx";

const feed = feedPage("for-you");

/** The feed or Explore at `/`. */
export const startRoutes = [
  createRoute({
    getParentRoute,
    path: "/",
    component: function Start() {
      return useStartPage() === "feed" ? <feed.component /> : createElement(explorePage);
    },
    loader: () => (startPage() === "feed" ? feed.loader() : explorePage.preload?.()),
  }),
];
