import { Outlet, useLocation } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { useEffect } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { useTranslation } from "react-i18next";
import { classNames } from "../ui/class-names.ts";
import { useMe } from "../api/queries.ts";
import { useLive } from "../inbox/live.ts";
import { useOnline } from "../ui/states.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { Nav, PhoneHead } from "./nav.tsx";
import { applyTheme } from "./theme.ts";
import { TraySlot } from "./tray-slot.tsx";

/** The frame of every page. */
export function Shell() {
  const { t, i18n } = useTranslation();
  const { pathname } = useLocation();
  useEffect(() => applyTheme(pathname), [pathname]);
  useLive(useMe()?.id);
  if (pathname.startsWith("/embed/"))
    return (
      <I18nProvider locale={i18n.language}>
        <Outlet />
      </I18nProvider>
    );
  return (
    <I18nProvider locale={i18n.language}>
      <a
        href="#main"
        className="sr-only rounded-lg bg-accent px-4 py-3 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:start-2 focus:z-60"
      >
        {t("app.skip")}
      </a>
      <Nav />
      <PhoneHead />
      <main
        id="main"
        tabIndex={-1}
        className={classNames("outline-none sm:ms-(--side)", pathname !== "/" && "pb-[calc(var(--bar)+1.5rem)]")}
      >
        <Outlet />
      </main>
      <TraySlot />
      <OfflineBanner />
      <Toasts isAbove={pathname === "/"} />
    </I18nProvider>
  );
}

function OfflineBanner() {
  const { t } = useTranslation();
  const online = useOnline();
  if (online) return null;
  return (
    <p
      role="status"
      className="fixed end-0 bottom-(--bar) start-(--side) z-30 flex items-center justify-center gap-2 bg-warn px-4 py-2 text-sm font-medium text-page"
    >
      <WifiOff size={16} aria-hidden />
      {t("offline.banner")}
    </p>
  );
}
