import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { useEffect } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { useTranslation } from "react-i18next";
import { tryConnection } from "../api/connection.ts";
import { instanceQuery, queryClient, useMe } from "../api/queries.ts";
import { useLive } from "../inbox/unread.ts";
import { followPath } from "../player/source.ts";
import { useMini } from "../player/mini.ts";
import { classNames } from "../ui/class-names.ts";
import { lazyFrame } from "../ui/lazy-part.tsx";
import { useNextTry } from "../ui/next-try.ts";
import { ErrorState, NextTry, useOnline } from "../ui/states.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { frameOf, useIsWide, useStartPage } from "./frame.ts";
import { PhoneBar } from "./phone-bar.tsx";
import { showSite } from "./site.ts";
import { applyTheme } from "./theme.ts";
import { TraySlot } from "./tray-slot.tsx";

const MiniPlayer = lazyFrame(() => import("../player/mini-player.tsx"), "MiniPlayer");
const DeskBars = lazyFrame(() => import("./desk-bars.tsx"), "DeskBars");

/** Pages with a foot of their own in the place of a phone's bar. */
const feet = new Set(["/upload", "/your-feed", "/live/new"]);

/** The frame of every page. */
export function Shell() {
  const { t, i18n } = useTranslation();
  const { pathname } = useLocation();
  const start = useStartPage();
  // A phone never loads the bars of a desk.
  const isWide = useIsWide();
  const me = useMe();
  const mini = useMini();
  const own = frameOf(pathname, start);
  // To users without a role there is no administration, and so no list of it.
  const frame = own === "admin" && (me === null || me?.role === "user") ? "side" : own;
  followPath(pathname);
  useEffect(() => applyTheme(pathname), [pathname, start]);
  const online = useOnline();
  useLive(me?.id);
  useSiteChanges();
  if (frame === "none")
    return (
      <I18nProvider locale={i18n.language}>
        <Outlet />
      </I18nProvider>
    );
  const hasBars = frame !== "bare";
  const hasFoot = feet.has(pathname) && me !== null;
  return (
    <I18nProvider locale={i18n.language}>
      <div className="frame" data-frame={frame} data-foot={hasFoot ? "" : undefined}>
        <a
          href="#main"
          className="sr-only rounded-lg bg-accent px-4 py-3 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-60"
        >
          {t("app.skip")}
        </a>
        {hasBars && isWide && <DeskBars frame={frame} start={start} />}
        <main
          id="main"
          tabIndex={-1}
          className={classNames(
            "ms-(--side) pt-(--top) outline-none",
            frame !== "feed" && hasBars && "pb-[calc(var(--bar)+1.5rem)]",
          )}
        >
          {/* What a page shows to its viewer, it cannot know without a network. */}
          {me === undefined && !online ? <ErrorState error={null} /> : <Outlet />}
        </main>
        {hasBars && !hasFoot && frame !== "room" && <PhoneBar />}
        {mini !== null && <MiniPlayer mini={mini} />}
        <TraySlot />
        {!online && <OfflineBanner />}
        <Toasts isAbove={frame === "feed"} />
      </div>
    </I18nProvider>
  );
}

/** An instance that an administrator changed meanwhile looks as it is now. */
function useSiteChanges(): void {
  const { data } = useQuery({
    ...instanceQuery,
    enabled: queryClient.getQueryData(instanceQuery.queryKey) !== undefined,
  });
  useEffect(() => {
    if (data !== undefined) showSite(data);
  }, [data]);
}

function OfflineBanner() {
  const { t } = useTranslation();
  const leftS = useNextTry(true, () => void tryConnection());
  return (
    <p
      role="status"
      className="fixed start-(--side) end-0 bottom-(--bar) z-30 flex items-center justify-center gap-2 bg-warn px-4 py-2 text-sm font-medium text-page"
    >
      <WifiOff size={16} aria-hidden />
      {t("offline.title")}
      <span className="tabular font-normal">
        <NextTry seconds={leftS} />
      </span>
    </p>
  );
}
