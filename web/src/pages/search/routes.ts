import { createRoute } from "@tanstack/react-router";
import { type RawSearch, textSearch, wordOf } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { captionsPattern, lengths, orders, periods, shapes, type VideoFilter } from "#parts/search/video-filter.ts";

const kinds = ["videos", "live", "people", "tags", "files"] as const;

const search = createRoute({
  getParentRoute,
  path: "/search",
  validateSearch: (
    search: RawSearch,
  ): { q?: string | undefined; tab?: (typeof kinds)[number] | undefined } & VideoFilter => {
    const tab = wordOf(kinds, search["tab"]);
    const period = wordOf(periods, search["period"]);
    const length = wordOf(lengths, search["length"]);
    const shape = wordOf(shapes, search["shape"]);
    const sort = wordOf(orders, search["sort"]);
    const { captions } = search;
    return {
      ...(typeof captions === "string" && captionsPattern.test(captions) && { captions }),
      ...textSearch(search, 200),
      ...(tab && { tab }),
      ...(period && { period }),
      ...(length && { length }),
      ...(shape && { shape }),
      ...(sort && { sort }),
    };
  },
  component: lazyPage(() => import("./search-page.tsx"), "SearchPage", "search"),
});

const tag = createRoute({
  getParentRoute,
  path: "/tag/$name",
  validateSearch: (search: RawSearch): { sort?: "hot" | undefined } =>
    search["sort"] === "hot" ? { sort: "hot" } : {},
  component: lazyPage(() => import("./tag-page.tsx"), "TagPage", "search"),
});

export const searchRoutes = [search, tag] as const;
