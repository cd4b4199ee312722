import { createRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { root } from "#base/route/root.ts";
import { BrokenPage } from "#parts/shell/broken-page.tsx";
import { NotFoundPage } from "#parts/shell/not-found-page.tsx";
import { Shell } from "#parts/shell/shell.tsx";
import { accountRoutes } from "#pages/account/routes.ts";
import { adminRoutes } from "#pages/admin/routes.ts";
import { driveRoutes } from "#pages/drive/routes.ts";
import { embedRoutes } from "#pages/embed/routes.ts";
import { exploreRoutes } from "#pages/explore/routes.ts";
import { favoritesRoutes } from "#pages/favorites/routes.ts";
import { feedRoutes } from "#pages/feed/routes.tsx";
import { historyRoutes } from "#pages/history/routes.ts";
import { inboxRoutes } from "#pages/inbox/routes.ts";
import { liveRoutes } from "#pages/live/routes.ts";
import { meRoutes } from "#pages/me/routes.ts";
import { playlistsRoutes } from "#pages/playlists/routes.ts";
import { profileRoutes } from "#pages/profile/routes.ts";
import { reportsRoutes } from "#pages/reports/routes.ts";
import { searchRoutes } from "#pages/search/routes.ts";
import { settingsRoutes } from "#pages/settings/routes.ts";
import { studioRoutes } from "#pages/studio/routes.ts";
import { uploadRoutes } from "#pages/upload/routes.ts";
import { walletRoutes } from "#pages/wallet/routes.ts";
import { watchRoutes } from "#pages/watch/routes.ts";
import { yourFeedRoutes } from "#pages/your-feed/routes.ts";
import { startRoutes } from "#pages/start/routes.tsx";
import { slots } from "./slots.ts";

root.update({
  component: () => <Shell slots={slots} />,
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error }: ErrorComponentProps) => <BrokenPage error={error} />,
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...accountRoutes,
    ...adminRoutes,
    ...driveRoutes,
    ...embedRoutes,
    ...exploreRoutes,
    ...favoritesRoutes,
    ...feedRoutes,
    ...historyRoutes,
    ...inboxRoutes,
    ...liveRoutes,
    ...meRoutes,
    ...playlistsRoutes,
    ...profileRoutes,
    ...reportsRoutes,
    ...searchRoutes,
    ...settingsRoutes,
    ...startRoutes,
    ...studioRoutes,
    ...uploadRoutes,
    ...walletRoutes,
    ...watchRoutes,
    ...yourFeedRoutes,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
  // Plain text both ways: a token made of digits stays the text it is.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const filled = Object.entries(search).filter(([, value]) => value != null);
    const text = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString();
    return text === "" ? "" : `?${text}`;
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
