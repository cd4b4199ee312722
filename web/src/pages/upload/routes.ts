import { createRoute } from "@tanstack/react-router";
import { idSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const upload = createRoute({
  getParentRoute,
  path: "/upload",
  validateSearch: idSearch("video"),
  component: lazyPage(() => import("./upload-page.tsx"), "UploadPage", "files", "library"),
});

export const uploadRoutes = [upload] as const;
