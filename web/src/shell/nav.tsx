import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import {
  CircleUser,
  Clapperboard,
  HardDrive,
  House,
  Inbox,
  LogOut,
  Plus,
  Search,
  Settings,
  ShieldCheck,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { logOut } from "../api/account.ts";
import { useMe } from "../api/queries.ts";
import { useUnread } from "../inbox/live.ts";
import type { User } from "../api/types.ts";
import { SearchField } from "../search/search-field.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { buttonClass, IconButton } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { showToast } from "../ui/toasts.tsx";
import { Logo, Mark } from "./logo.tsx";

const itemClass =
  "flex min-h-11 min-w-11 flex-auto flex-col items-center justify-center gap-0.5 rounded-lg text-xs font-medium whitespace-nowrap text-soft " +
  "transition-colors hover:text-ink data-[status=active]:text-ink sm:flex-none sm:py-2 sm:hover:bg-raised " +
  "lg2:flex-row lg2:justify-start lg2:gap-3 lg2:px-3 lg2:text-base lg2:data-[status=active]:bg-raised";

const uploadIcon = (
  <span className="grid h-7 w-11 place-items-center rounded-lg bg-accent text-on-accent lg2:-mx-0.5 lg2:size-7">
    <Plus size={20} strokeWidth={2.5} aria-hidden />
  </span>
);

/** The one navigation: a bar at the bottom of a phone, a rail beside a tablet's page, a side bar beside a wide one. */
export function Nav() {
  const { t } = useTranslation();
  const me = useMe();
  const unread = useUnread(me?.id);
  return (
    <nav
      aria-label={t("nav.main")}
      className="safe-bottom fixed inset-x-0 bottom-0 z-40 flex h-(--bar) items-stretch border-t border-line bg-page px-1 sm:inset-y-0 sm:end-auto sm:h-auto sm:w-(--side) sm:flex-col sm:gap-1 sm:overflow-y-auto sm:border-t-0 sm:px-2 sm:py-4 lg2:px-3"
    >
      <Link
        to="/"
        aria-label="Kinora"
        className="mb-4 hidden min-h-11 items-center rounded-lg sm:flex sm:justify-center lg2:justify-start lg2:px-3"
      >
        <span className="lg2:hidden">
          <Mark />
        </span>
        <span className="hidden lg2:block">
          <Logo />
        </span>
      </Link>
      <Item to="/" name={t("nav.home")} icon={<House size={24} aria-hidden />} exact />
      <div className="mb-2 hidden lg2:block">
        <SearchField />
      </div>
      <span className="contents lg2:hidden">
        <Item to="/search" name={t("nav.search")} icon={<Search size={24} aria-hidden />} />
      </span>
      <Item to="/upload" name={t("nav.upload")} icon={uploadIcon} />
      {/* The user may be unknown yet while the session is known: the bar is whole from the start. */}
      {me !== null && <Item to="/inbox" name={t("nav.inbox")} icon={<Inbox size={24} aria-hidden />} count={unread} />}
      {me !== null && (
        <Item to="/my" name={t("nav.my")} short={t("nav.myShort")} icon={<Clapperboard size={24} aria-hidden />} />
      )}
      {me !== null && <Item to="/drive" name={t("nav.drive")} icon={<HardDrive size={24} aria-hidden />} />}
      {me !== null && <Myself me={me} />}
      {me?.role === "admin" && (
        <span className="contents max-sm:hidden">
          <Item to="/admin" name={t("nav.admin")} icon={<ShieldCheck size={24} aria-hidden />} />
        </span>
      )}
      {me?.role === "moderator" && (
        <span className="contents max-sm:hidden">
          <Item to="/moderation" name={t("nav.moderation")} icon={<ShieldCheck size={24} aria-hidden />} />
        </span>
      )}
      <Item to="/settings" name={t("nav.settings")} icon={<Settings size={24} aria-hidden />} />
      <div className="mt-auto hidden flex-col gap-2 pt-4 sm:flex">{me == null ? <Entry /> : <Viewer me={me} />}</div>
    </nav>
  );
}

interface ItemProps {
  to: "/" | "/search" | "/upload" | "/inbox" | "/my" | "/drive" | "/admin" | "/moderation" | "/settings";
  name: string;
  /** A short name that fits under a phone's icon. */
  short?: string;
  icon: ReactNode;
  exact?: boolean;
  /** The number of new things there. */
  count?: number;
}

function Item({ to, name, short = name, icon, exact = false, count = 0 }: ItemProps) {
  const { t } = useTranslation();
  return (
    <Link to={to} {...(count === 0 && { "aria-label": name })} activeOptions={{ exact }} className={itemClass}>
      <span className="relative grid h-7 place-items-center">
        {icon}
        {count > 0 && (
          <span
            aria-hidden
            className="tabular absolute -top-1 start-[calc(50%+2px)] min-w-4.5 rounded-full bg-accent px-1 text-center text-[12px]/4.5 font-semibold text-on-accent"
          >
            {count > 99 ? "99+" : count}
          </span>
        )}
      </span>
      <span className="sm:hidden">{short}</span>
      <span className="max-sm:hidden">{name}</span>
      {count > 0 && <span className="sr-only">{t("nav.unread", { count })}</span>}
    </Link>
  );
}

function Myself({ me }: { me: User | undefined }) {
  const { t } = useTranslation();
  const label = (
    <>
      <span className="grid h-7 place-items-center">
        <CircleUser size={24} aria-hidden />
      </span>
      {t("nav.me")}
    </>
  );
  if (!me) return <span className={itemClass}>{label}</span>;
  return (
    <Link to="/@{$username}" params={{ username: me.username }} className={itemClass}>
      {label}
    </Link>
  );
}

/** Pages that offer the ways in themselves. */
const entryPages = new Set(["/login", "/signup", "/first-run", "/upload", "/my", "/drive"]);

/** The two ways in, for a visitor. */
function Entry({ isFloating = false }: { isFloating?: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const me = useMe();
  if (me !== null || entryPages.has(pathname)) return null;
  return (
    <>
      <Link
        to="/login"
        search={{ next: nextOf(pathname) }}
        className={buttonClass(
          "plain",
          `sm:px-2! sm:max-lg2:px-1! sm:max-lg2:text-xs! whitespace-nowrap ${isFloating ? "rounded-full! bg-black/45! text-white! hover:bg-black/65!" : ""}`,
        )}
      >
        {t("nav.login")}
      </Link>
      <Link
        to="/signup"
        search={{ next: nextOf(pathname) }}
        className={buttonClass(
          "main",
          `sm:px-2! sm:max-lg2:px-1! sm:max-lg2:text-xs! whitespace-nowrap ${isFloating ? "rounded-full!" : ""}`,
        )}
      >
        {t("nav.signup")}
      </Link>
    </>
  );
}

const nextOf = (pathname: string) => (pathname === "/" ? undefined : pathname);

function Viewer({ me }: { me: User }) {
  return (
    <div className="flex flex-col items-center gap-1 lg2:flex-row">
      <Link
        to="/@{$username}"
        params={{ username: me.username }}
        className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-lg lg2:px-2 lg2:hover:bg-raised"
      >
        <Avatar user={me} />
        <span className="hidden min-w-0 flex-1 truncate font-medium lg2:block">{me.nickname || me.username}</span>
        <span className="sr-only lg2:hidden">{me.nickname || me.username}</span>
      </Link>
      <LogOutButton />
    </div>
  );
}

export function useLogOut(): () => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return () => {
    const leave = async () => {
      try {
        await logOut();
      } catch {
        showToast(t("account.stillIn"));
        return;
      }
      await navigate({ to: "/" });
      showToast(t("account.bye"));
    };
    void leave();
  };
}

function LogOutButton() {
  const { t } = useTranslation();
  return (
    <IconButton label={t("nav.logout")} onPress={useLogOut()}>
      <LogOut size={20} aria-hidden />
    </IconButton>
  );
}

/** The head of a phone's page. Over the feed it floats, because there the video is the page. */
export function PhoneHead() {
  const { pathname } = useLocation();
  const floating = pathname === "/";
  return (
    <header
      className={classNames(
        "flex items-center gap-2 px-4 pt-[calc(0.375rem+env(safe-area-inset-top))] pb-1.5 sm:hidden",
        floating
          ? "pointer-events-none fixed inset-x-0 top-0 z-30 text-white [&>*]:pointer-events-auto"
          : "sticky top-0 z-30 bg-page",
      )}
    >
      <Link to="/" aria-label="Kinora" className="me-auto flex min-h-11 items-center rounded-lg">
        {floating ? <Mark /> : <Logo />}
      </Link>
      <Entry isFloating={floating} />
    </header>
  );
}
