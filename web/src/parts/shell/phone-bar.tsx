import { Link, useLocation } from "@tanstack/react-router";
import { CircleUser, Compass, House, Inbox, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { isExploring, type SitePath } from "#base/frame/frame.ts";
import { inboxPath, sumOf } from "#base/frame/unread-numbers.ts";
import { useUnread } from "#base/frame/unread.ts";
import { Badge, Unread } from "./badge.tsx";

const itemClass =
  "flex min-h-11 flex-col items-center justify-center gap-0.5 text-xs font-medium text-faint aria-[current=page]:text-ink data-[status=active]:text-ink";

/** The five entries at the foot of a phone. Nothing else is ever added to it: the rest is under Me. */
export function PhoneBar() {
  const { t } = useTranslation();
  const me = useMe();
  const unread = useUnread(me?.id);
  const { pathname } = useLocation();
  return (
    <nav
      aria-label={t("nav.main")}
      className="safe-bottom fixed inset-x-0 bottom-0 z-40 grid h-(--bar) grid-cols-5 border-t border-line bg-page sm:hidden"
    >
      <Home />
      <Item
        to="/explore"
        isAlso={isExploring(pathname)}
        name={t("nav.explore")}
        icon={<Compass size={24} aria-hidden />}
      />
      <Link to="/upload" aria-label={t("nav.upload")} className="grid min-h-11 place-items-center">
        <span className="grid h-8 w-11.5 place-items-center rounded-[10px] bg-accent text-on-accent">
          <Plus size={22} strokeWidth={2.5} aria-hidden />
        </span>
      </Link>
      <Item
        to={inboxPath(unread, false)}
        isAlso={pathname.startsWith("/inbox")}
        name={t("nav.inbox")}
        icon={<Inbox size={24} aria-hidden />}
        count={sumOf(unread)}
      />
      <Item to="/me" name={t("nav.me")} icon={<CircleUser size={24} aria-hidden />} />
    </nav>
  );
}

const homePaths = new Set(["/", "/for-you", "/following", "/hot"]);

/** Home is the feed in any of its tabs. */
function Home() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <Link
      to="/"
      activeOptions={{ exact: true }}
      className={itemClass}
      {...(homePaths.has(pathname) && { "aria-current": "page" })}
    >
      <House size={24} aria-hidden />
      {t("nav.home")}
    </Link>
  );
}

interface ItemProps {
  to: SitePath;
  name: string;
  icon: ReactNode;
  count?: number;
  /** The current page belongs to it, whatever its address. */
  isAlso?: boolean;
}

function Item({ to, name, icon, count = 0, isAlso = false }: ItemProps) {
  return (
    <Link to={to} className={itemClass} {...(isAlso && { "aria-current": "page" })}>
      <span className="relative">
        {icon}
        <Badge count={count} className="absolute start-[calc(50%+3px)] -top-1.5" />
      </span>
      {name}
      <Unread count={count} />
    </Link>
  );
}
