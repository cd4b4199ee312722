import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const settings = createRoute({
  getParentRoute,
  path: "/settings",
  component: lazyPage(() => import("./settings-page.tsx"), "SettingsPage", "account"),
});

const settingsSection = createRoute({
  getParentRoute,
  path: "/settings/$section",
  component: lazyPage(() => import("./settings-page.tsx"), "SettingsSectionPage", "account"),
});

export const settingsRoutes = [settings, settingsSection] as const;
