import { createRoute } from "@tanstack/react-router";
import { type RawSearch, wordOf } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { type ProfileTab, profileTabs } from "./tabs.ts";

const profile = createRoute({
  getParentRoute,
  path: "/@{$username}",
  // A name that is none is taken away: what an address says stays where nothing is put in its place.
  validateSearch: (search: RawSearch): { tab?: ProfileTab | undefined } => ({
    tab: wordOf(profileTabs, search["tab"]),
  }),
  component: lazyPage(() => import("./profile-page.tsx"), "ProfilePage", "library"),
});

const followRequests = createRoute({
  getParentRoute,
  path: "/follow-requests",
  component: lazyPage(() => import("./follow-requests-page.tsx"), "FollowRequestsPage"),
});

export const profileRoutes = [profile, followRequests] as const;
