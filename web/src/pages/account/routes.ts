import { createRoute } from "@tanstack/react-router";
import { type RawSearch } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";
import { nextPath } from "../../../../src/policy/paths/next-path.ts";

const nextSearch = (search: RawSearch): { next?: string | undefined } =>
  search["next"] === undefined ? {} : { next: nextPath(search["next"]) };

const login = createRoute({
  getParentRoute,
  path: "/login",
  validateSearch: (search: RawSearch): { next?: string | undefined; from?: "provider" | undefined } => ({
    ...nextSearch(search),
    ...(search["from"] === "provider" && { from: "provider" }),
  }),
  component: lazyPage(() => import("./login-page.tsx"), "LoginPage", "account", "wallets"),
});

const signup = createRoute({
  getParentRoute,
  path: "/signup",
  validateSearch: (search: RawSearch): { next?: string | undefined; invitation?: string | undefined } => ({
    ...nextSearch(search),
    ...(typeof search["invitation"] === "string" && { invitation: search["invitation"] }),
  }),
  component: lazyPage(() => import("./signup-page.tsx"), "SignupPage", "account", "wallets"),
});

const reset = createRoute({
  getParentRoute,
  path: "/reset",
  component: lazyPage(() => import("./reset-page.tsx"), "ResetPage", "account"),
});

const forgot = createRoute({
  getParentRoute,
  path: "/forgot",
  component: lazyPage(() => import("./forgot-page.tsx"), "ForgotPage", "account"),
});

const verify = createRoute({
  getParentRoute,
  path: "/verify-email",
  component: lazyPage(() => import("./verify-page.tsx"), "VerifyPage", "account"),
});

const endMails = createRoute({
  getParentRoute,
  path: "/end-mails",
  component: lazyPage(() => import("./end-mails-page.tsx"), "EndMailsPage", "account"),
});

const undoEmail = createRoute({
  getParentRoute,
  path: "/undo-email",
  component: lazyPage(() => import("./undo-email-page.tsx"), "UndoEmailPage", "account"),
});

const firstRun = createRoute({
  getParentRoute,
  path: "/first-run",
  validateSearch: (search: RawSearch): { token?: string | undefined } =>
    typeof search["token"] === "string" ? { token: search["token"] } : {},
  component: lazyPage(() => import("./first-run-page.tsx"), "FirstRunPage", "account", "site"),
});

const setup = createRoute({
  getParentRoute,
  path: "/setup",
  validateSearch: (search: RawSearch): { step?: 2 | 3 | 4 | undefined } => {
    const step = ([2, 3, 4] as const).find((number) => String(number) === String(search["step"]));
    return step === undefined ? {} : { step };
  },
  component: lazyPage(() => import("./setup-page.tsx"), "SetupPage", "account", "site"),
});

export const accountRoutes = [login, signup, firstRun, setup, reset, forgot, verify, undoEmail, endMails] as const;
