import { createRoute, redirect } from "@tanstack/react-router";
import { idParam, idSearch, type RawSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

export const explorePage = lazyPage(() => import("./explore-page.tsx"), "ExplorePage");

const exploreSearch = (search: RawSearch): { category?: number | undefined; sort?: "latest" | undefined } => ({
  ...idSearch("category")(search),
  ...orderSearch(search),
});

const orderSearch = ({ sort }: RawSearch): { sort?: "latest" | undefined } => (sort === "latest" ? { sort } : {});

const explore = createRoute({
  getParentRoute,
  path: "/explore",
  validateSearch: exploreSearch,
  component: explorePage,
  // A category had this address once: links to it stay good.
  beforeLoad: ({ search: { category: id, ...order } }) => {
    if (id !== undefined) throw redirect({ to: "/category/$id", params: { id }, search: order, replace: true });
  },
});

const category = createRoute({
  getParentRoute,
  path: "/category/$id",
  params: idParam,
  validateSearch: orderSearch,
  component: lazyPage(() => import("./explore-page.tsx"), "CategoryPage"),
});

export const exploreRoutes = [explore, category] as const;
