import { createRoute } from "@tanstack/react-router";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const wallet = createRoute({
  getParentRoute,
  path: "/me/wallet",
  component: lazyPage(() => import("./wallet-page.tsx"), "WalletPage", "wallet"),
});

export const walletRoutes = [wallet] as const;
