import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { Bookmark, Compass, HardDrive, History, House, ListVideo, Users } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { followedQuery, useMe } from "../api/queries.ts";
import { Avatar } from "../ui/avatar.tsx";
import type { SitePath, StartPage } from "./frame.ts";

export const sideItemClass =
  "flex h-11 w-12 items-center justify-center gap-3.5 rounded-lg font-medium text-soft transition-colors hover:bg-raised hover:text-ink " +
  "aria-[current=page]:bg-raised aria-[current=page]:text-ink wide:h-10 wide:w-full wide:justify-start wide:px-3 wide:aria-[current=page]:font-semibold";

/** The navigation beside a page: a column of icons, with words where there is room for them. */
export function SideBar({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t("nav.main")}
      className="fixed start-0 top-(--top) bottom-0 z-30 hidden w-(--side) flex-col gap-1 overflow-x-hidden overflow-y-auto border-e border-chrome-line bg-chrome px-2 py-2 [scrollbar-width:none] sm:flex wide:gap-0 wide:px-3 short:in-data-[frame=feed]:hidden short:in-data-[frame=rail]:hidden"
    >
      {children}
    </nav>
  );
}

/** The pages of the site, and the accounts that the viewer follows. */
export function SiteItems({ start }: { start: StartPage }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <Item
        to="/for-you"
        isAlso={start === "feed"}
        name={t("feed.tab.forYou")}
        icon={<House size={20} aria-hidden />}
      />
      {me !== null && <Item to="/following" name={t("feed.tab.following")} icon={<Users size={20} aria-hidden />} />}
      <Item
        to="/explore"
        isAlso={start === "explore"}
        name={t("nav.explore")}
        icon={<Compass size={20} aria-hidden />}
      />
      {/* The user may be unknown yet while the session is known: the bar is whole from the start. */}
      {me !== null && (
        <>
          <hr className="mx-1 my-2 border-line wide:mx-3" />
          <Item to="/history" name={t("nav.history")} icon={<History size={20} aria-hidden />} />
          <Item to="/saved" name={t("nav.saved")} icon={<Bookmark size={20} aria-hidden />} />
          <Item to="/playlists" name={t("nav.playlists")} icon={<ListVideo size={20} aria-hidden />} />
          <Item to="/drive" name={t("nav.drive")} icon={<HardDrive size={20} aria-hidden />} />
        </>
      )}
      {me != null && <Followed userId={me.id} />}
    </>
  );
}

interface ItemProps {
  to: SitePath;
  name: string;
  icon: ReactNode;
  /** The address of the instance itself shows this page too. */
  isAlso?: boolean;
  exact?: boolean;
  /** What stands at the end of its row. */
  end?: ReactNode;
}

export function Item({ to, name, icon, isAlso = false, exact = false, end }: ItemProps) {
  const { pathname } = useLocation();
  return (
    <Link
      to={to}
      title={name}
      activeOptions={{ exact }}
      className={sideItemClass}
      {...(isAlso && pathname === "/" && { "aria-current": "page" })}
    >
      {icon}
      <span className="sr-only wide:not-sr-only wide:truncate">{name}</span>
      {end}
    </Link>
  );
}

/** The accounts that the viewer follows, the latest first. */
function Followed({ userId }: { userId: number }) {
  const { t } = useTranslation();
  const { data } = useQuery(followedQuery(userId));
  const accounts = data?.list ?? [];
  if (accounts.length === 0) return null;
  return (
    <section aria-labelledby="followed" className="hidden wide:block">
      <hr className="mx-3 my-2 border-line" />
      <h2 id="followed" className="px-3 pt-2 pb-1.5 text-xs font-semibold text-faint">
        {t("nav.followed")}
      </h2>
      <ul>
        {accounts.map((user) => (
          <li key={user.id}>
            <Link to="/@{$username}" params={{ username: user.username }} className={sideItemClass}>
              <Avatar user={user} size="tiny" />
              <bdi className="min-w-0 flex-1 truncate text-start font-normal">{user.nickname || user.username}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
