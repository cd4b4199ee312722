import { createRoute } from "@tanstack/react-router";
import { idSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const storage = createRoute({
  getParentRoute,
  path: "/admin/storage",
  component: lazyPage(() => import("./storage/storage-page.tsx"), "StoragePage", "admin", "storage"),
});

const media = createRoute({
  getParentRoute,
  path: "/admin/media",
  component: lazyPage(() => import("./storage/media-page.tsx"), "MediaPage", "admin", "storage"),
});

const queue = createRoute({
  getParentRoute,
  path: "/moderation",
  validateSearch: idSearch("show"),
  component: lazyPage(() => import("./moderation/queue-page.tsx"), "QueuePage", "admin"),
});

const admin = createRoute({
  getParentRoute,
  path: "/admin",
  component: lazyPage(() => import("./overview/overview-page.tsx"), "OverviewPage", "admin"),
});

const adminHealth = createRoute({
  getParentRoute,
  path: "/admin/health",
  component: lazyPage(() => import("./health/health-page.tsx"), "HealthPage", "admin"),
});

const adminRunners = createRoute({
  getParentRoute,
  path: "/admin/runners",
  component: lazyPage(() => import("./runners/runners-page.tsx"), "RunnersPage", "admin"),
});

const adminChains = createRoute({
  getParentRoute,
  path: "/admin/chains",
  component: lazyPage(() => import("./chains/chains-page.tsx"), "ChainsPage", "admin"),
});

const adminSite = createRoute({
  getParentRoute,
  path: "/admin/site",
  component: lazyPage(() => import("./site/site-page.tsx"), "SitePage", "admin", "site"),
});

const adminSignUp = createRoute({
  getParentRoute,
  path: "/admin/sign-up",
  component: lazyPage(() => import("./sign-up/sign-up-page.tsx"), "SignUpPage", "admin", "site"),
});

const adminInvitations = createRoute({
  getParentRoute,
  path: "/admin/invitations",
  component: lazyPage(() => import("./sign-up/invitations-page.tsx"), "InvitationsPage", "admin", "invitations"),
});

const adminAccounts = createRoute({
  getParentRoute,
  path: "/admin/accounts",
  component: lazyPage(() => import("./accounts/accounts-page.tsx"), "AccountsPage", "admin"),
});

const adminVideos = createRoute({
  getParentRoute,
  path: "/admin/videos",
  component: lazyPage(() => import("./accounts/videos-page.tsx"), "VideosPage", "admin"),
});

const adminWords = createRoute({
  getParentRoute,
  path: "/admin/words",
  component: lazyPage(() => import("./site/words-page.tsx"), "WordsPage", "admin", "search"),
});

const adminAudit = createRoute({
  getParentRoute,
  path: "/admin/audit",
  component: lazyPage(() => import("./audit/audit-page.tsx"), "AuditPage", "admin"),
});

const adminPayouts = createRoute({
  getParentRoute,
  path: "/admin/payouts",
  component: lazyPage(() => import("./accounts/payouts-page.tsx"), "PayoutsPage", "admin", "wallet"),
});

const adminDeletions = createRoute({
  getParentRoute,
  path: "/admin/deletions",
  component: lazyPage(() => import("./accounts/deletions-page.tsx"), "DeletionsPage", "admin"),
});

export const adminRoutes = [
  storage,
  media,
  queue,
  admin,
  adminHealth,
  adminRunners,
  adminChains,
  adminSite,
  adminSignUp,
  adminInvitations,
  adminAccounts,
  adminVideos,
  adminWords,
  adminAudit,
  adminDeletions,
  adminPayouts,
] as const;
