import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { type ComponentType, useEffect, useRef } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { useTranslation } from "react-i18next";
import { type ConfirmationRequest, settleConfirmation, useConfirmationRequest } from "#base/api/confirmation.ts";
import { type LogInRequest, requestLogIn, settleLogIn, useLogInRequest } from "#base/api/log-in-request.ts";
import { instanceQuery, meQuery, useMe } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { tryConnection } from "#base/api/request/connection.ts";
import { followLogOuts, keepSession } from "#base/api/session/session.ts";
import { showSite } from "#base/api/site.ts";
import { frameOf, useIsWide } from "#base/frame/frame.ts";
import { useStartPage } from "#base/frame/start-page.ts";
import { applyTheme } from "#base/frame/theme.ts";
import { useLive } from "#base/frame/unread.ts";
import { classNames } from "#base/ui/class-names.ts";
import { lazyFrame } from "#base/ui/loading/lazy-part.tsx";
import { useNextTry } from "#base/ui/states/next-try.ts";
import { ErrorState, NextTry, useOnline } from "#base/ui/states/states.tsx";
import { showToast, Toasts } from "#base/ui/toasts/toasts.tsx";
import { followPath } from "#parts/player/engine/source.ts";
import { useMini } from "#parts/player/mini/mini.ts";
import { removeEarlyFrame } from "./early-frame.ts";
import { PhoneBar } from "./phone-bar.tsx";
import { TraySlot } from "./tray-slot.tsx";

const MiniPlayer = lazyFrame(() => import("#parts/player/mini/mini-player.tsx"), "MiniPlayer");
const DeskBars = lazyFrame(() => import("./desk-bars.tsx"), "DeskBars");

/** Pages with a foot of their own in the place of a phone's bar. */
const feet = new Set(["/upload", "/your-feed", "/live/new"]);

/** Parts of pages that have a place in the frame of every page; the app fills them in. */
export interface ShellSlots {
  readonly AdminItems: ComponentType;
  readonly DriveTray: ComponentType;
  readonly UploadTray: ComponentType;
  readonly LogInSheet: ComponentType<LogInSheetProps>;
  readonly ConfirmationSheet: ComponentType<ConfirmationSheetProps>;
}

export interface LogInSheetProps {
  request: LogInRequest;
  onClose: () => void;
}

export interface ConfirmationSheetProps {
  request: ConfirmationRequest;
  onClose: () => void;
}

/** The frame of every page. */
export function Shell({ slots }: { slots: ShellSlots }) {
  const { t, i18n } = useTranslation();
  const { pathname } = useLocation();
  const start = useStartPage();
  // A phone never loads the bars of a desk.
  const isWide = useIsWide();
  const me = useMe();
  const mini = useMini();
  const pageFrame = frameOf(pathname, start);
  // To users without a role there is no administration, and so no list of it.
  const frame = pageFrame === "admin" && (me === null || me?.role === "user") ? "side" : pageFrame;
  followPath(pathname);
  useEffect(() => applyTheme(pathname), [pathname, start]);
  useEffect(followLogOuts, []);
  const online = useOnline();
  useLive(me?.id);
  useSiteChanges();
  const hasBars = frame !== "bare" && frame !== "none";
  const hasDeskBars = hasBars && isWide;
  useEffect(() => {
    if (!hasDeskBars) removeEarlyFrame();
  }, [hasDeskBars]);
  if (frame === "none")
    return (
      <I18nProvider locale={i18n.language}>
        <Outlet />
      </I18nProvider>
    );
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
        {hasDeskBars && <DeskBars frame={frame} start={start} AdminItems={slots.AdminItems} />}
        <main
          id="main"
          tabIndex={-1}
          className={classNames(
            "ms-(--side) pt-(--top) outline-none",
            frame !== "feed" && hasBars && "pb-[calc(var(--bar)+1.5rem)]",
          )}
        >
          {/* The page cannot know its viewer without a network. */}
          {me === undefined && !online ? <ErrorState error={null} /> : <Outlet />}
        </main>
        {hasBars && !hasFoot && frame !== "room" && <PhoneBar />}
        {mini !== null && <MiniPlayer mini={mini} />}
        <TraySlot DriveTray={slots.DriveTray} UploadTray={slots.UploadTray} />
        {!online && <OfflineBanner />}
        <LogIn Sheet={slots.LogInSheet} />
        <Confirmation Sheet={slots.ConfirmationSheet} />
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

/** The log-in over the page. A session that ends while a page is open asks for it; one that was over before says so. */
function LogIn({ Sheet }: { Sheet: ComponentType<LogInSheetProps> }) {
  const { t } = useTranslation();
  const request = useLogInRequest();
  const hasSaid = useRef(false);
  useEffect(
    () =>
      keepSession(async (act) => {
        const user = queryClient.getQueryData(meQuery.queryKey) ?? null;
        const ask = () => requestLogIn({ why: null, user, act });
        if (user !== null) return ask();
        // The requests that a page begins with find it out together.
        if (!hasSaid.current) showToast(t("account.ended"), { name: t("nav.login"), run: () => void ask() });
        hasSaid.current = true;
        return false;
      }),
    [t],
  );
  return request !== null && <Sheet request={request} onClose={() => settleLogIn(false)} />;
}

/** The proof of who the viewer is, over the page. */
function Confirmation({ Sheet }: { Sheet: ComponentType<ConfirmationSheetProps> }) {
  const request = useConfirmationRequest();
  return request !== null && <Sheet request={request} onClose={() => settleConfirmation(false)} />;
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
