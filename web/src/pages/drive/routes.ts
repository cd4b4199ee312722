import { createRoute } from "@tanstack/react-router";
import { idParam, idSearch, type RawSearch, textSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const drive = createRoute({
  getParentRoute,
  path: "/drive",
  validateSearch: (search: RawSearch): { q?: string | undefined; show?: number | undefined } => {
    return {
      ...idSearch("show")(search),
      ...textSearch(search, 255),
    };
  },
  component: lazyPage(() => import("./drive-page.tsx"), "DrivePage", "files"),
});

const driveFolder = createRoute({
  getParentRoute,
  path: "/drive/folder/$id",
  params: idParam,
  validateSearch: idSearch("show"),
  component: lazyPage(() => import("./drive-page.tsx"), "FolderPage", "files"),
});

const driveRecent = createRoute({
  getParentRoute,
  path: "/drive/recent",
  validateSearch: idSearch("show"),
  component: lazyPage(() => import("./drive-page.tsx"), "RecentPage", "files"),
});

const driveTrash = createRoute({
  getParentRoute,
  path: "/drive/trash",
  component: lazyPage(() => import("./trash-page.tsx"), "TrashPage", "files"),
});

const shared = createRoute({
  getParentRoute,
  path: "/s",
  component: lazyPage(() => import("./shared/shared-page.tsx"), "SharedPage", "files"),
});

export const driveRoutes = [drive, driveFolder, driveRecent, driveTrash, shared] as const;
