import { useLocation } from "@tanstack/react-router";
import { Bookmark, Compass, HardDrive, History, House, ListVideo, Radio, Users } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { isExploring } from "#base/frame/frame.ts";
import type { StartPage } from "#base/frame/start-page.ts";
import { Followed } from "./followed.tsx";
import { Item } from "./side-item.tsx";

/** The navigation beside a page: a column of icons, with words where there is room for them. */
export function SideBar({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t("nav.main")}
      className="fixed start-0 top-(--top) bottom-0 z-30 hidden w-(--side) flex-col gap-1 overflow-x-hidden overflow-y-auto border-e border-chrome-line bg-chrome px-2 py-2 [scrollbar-width:none] sm:flex wide:gap-0 wide:px-3 short:in-data-[frame=feed]:hidden short:in-data-[frame=rail]:hidden short:in-data-[frame=room]:hidden"
    >
      {children}
    </nav>
  );
}

/** The pages of the site, and the accounts that the viewer follows. */
export function SiteItems({ start }: { start: StartPage }) {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  return (
    <>
      <Item
        to="/for-you"
        isAlso={start === "feed" && pathname === "/"}
        name={t("feed.tab.forYou")}
        icon={<House size={20} aria-hidden />}
      />
      {me !== null && <Item to="/following" name={t("feed.tab.following")} icon={<Users size={20} aria-hidden />} />}
      <Item
        to="/explore"
        isAlso={(start === "explore" && pathname === "/") || isExploring(pathname)}
        name={t("nav.explore")}
        icon={<Compass size={20} aria-hidden />}
      />
      <Item to="/live" name={t("nav.live")} icon={<Radio size={20} aria-hidden />} />
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
