import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { Bell, ChevronDown, Radio, Upload } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Frame } from "#base/frame/frame.ts";
import { inboxPath, sumOf } from "#base/frame/unread-numbers.ts";
import { useUnread } from "#base/frame/unread.ts";
import { buttonClass } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { lazyFrame } from "#base/ui/loading/lazy-part.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useIsDesk } from "#base/ui/use-media.ts";
import { SearchField } from "#parts/search/search-field.tsx";
import { Badge, Unread } from "./badge.tsx";
import { Logo } from "./logo.tsx";

const picturePlace = <span aria-hidden className="mx-1.5 size-8 rounded-full bg-raised" />;
const AccountMenu = lazyFrame(() => import("./account-menu.tsx"), "AccountMenu", { waiting: picturePlace });

/** The bar over every page of a screen wider than a phone's. */
export function TopBar({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const me = useMe();
  const unread = useUnread(me?.id);
  const isDesk = useIsDesk();
  return (
    <header className="fixed inset-x-0 top-0 z-40 hidden h-14 items-center gap-3 border-b border-chrome-line bg-chrome ps-4 pe-3 sm:flex lg2:grid lg2:grid-cols-[1fr_minmax(0,27.5rem)_1fr] lg2:ps-5 lg2:pe-4 short:in-data-[frame=feed]:hidden short:in-data-[frame=rail]:hidden short:in-data-[frame=room]:hidden">
      <Link to="/" className="flex min-h-11 items-center justify-self-start rounded-lg">
        <Logo />
        <span className="sr-only">, {t("nav.home")}</span>
      </Link>
      <div className="min-w-0 max-lg2:mx-auto max-lg2:w-full max-lg2:max-w-110">
        <SearchField hasKey />
      </div>
      <nav aria-label={t("nav.account")} className="flex items-center gap-1 justify-self-end">
        {me !== null && frame !== "admin" && <Create isMain={frame !== "feed"} />}
        {me !== null && (
          <Link
            to={inboxPath(unread, isDesk)}
            title={t("nav.inbox")}
            className="relative grid size-11 place-items-center rounded-full text-soft hover:bg-raised hover:text-ink"
          >
            <Bell size={20} aria-hidden />
            <span className="sr-only">{t("nav.inbox")}</span>
            <Unread count={sumOf(unread)} />
            <Badge count={sumOf(unread)} className="absolute start-[calc(50%+1px)] top-0.5" />
          </Link>
        )}
        {me === null && <Entry />}
        {me !== null && (me === undefined ? picturePlace : <AccountMenu me={me} />)}
      </nav>
    </header>
  );
}

/** The filled control of a page without another: the feed has its own, and the upload page is this one. */
function Create({ isMain }: { isMain: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const look = isMain && pathname === "/explore" ? "main" : "plain";
  const icon = { size: 18, "aria-hidden": true } as const;
  return (
    <span className="flex gap-px">
      <Link
        to="/upload"
        className={buttonClass(look, "rounded-s-full! rounded-e-none! pe-3! max-lg:ps-3! max-lg:pe-2!")}
      >
        <Upload size={16} aria-hidden />
        <span className="max-lg:sr-only">{t("nav.upload")}</span>
      </Link>
      <MoreMenu
        label={t("nav.create")}
        className={classNames(buttonClass(look), "rounded-s-none! rounded-e-full! ps-1.5! pe-2.5!")}
        actions={[
          {
            id: "upload",
            text: t("nav.upload"),
            icon: <Upload {...icon} />,
            run: () => void navigate({ to: "/upload" }),
          },
          { id: "live", text: t("live.go"), icon: <Radio {...icon} />, run: () => void navigate({ to: "/live/new" }) },
        ]}
      >
        <ChevronDown size={16} aria-hidden />
      </MoreMenu>
    </span>
  );
}

/** The two ways in, for a visitor. */
function Entry() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const next = pathname === "/" ? undefined : pathname;
  return (
    <>
      <Link to="/login" search={{ next }} className={buttonClass("ghost", "rounded-full!")}>
        {t("nav.login")}
      </Link>
      <Link to="/signup" search={{ next }} className={buttonClass("inverse", "rounded-full!")}>
        {t("nav.signup")}
      </Link>
    </>
  );
}
