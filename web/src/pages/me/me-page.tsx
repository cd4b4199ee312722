import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  Bookmark,
  ChartColumn,
  ChevronRight,
  HardDrive,
  History,
  ListVideo,
  LogOut,
  Moon,
  Radio,
  Search,
  Settings,
  ShieldCheck,
  SlidersHorizontal,
  Sun,
  Wallet,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { formatSize, formatCount } from "#base/format/format.ts";
import type { SitePath } from "#base/frame/frame.ts";
import { setTheme, useTheme } from "#base/frame/theme.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { IconButton, LinkButton } from "#base/ui/buttons/button.tsx";
import { MeSkeleton } from "#base/ui/states/me-skeleton.tsx";
import { playlistCountQuery } from "#parts/playlists/playlist-count.ts";
import { useLogOut } from "#parts/shell/use-log-out.ts";
import { overviewQuery } from "#pages/admin/frame/overview-query.ts";
import { summaryOf } from "#pages/admin/overview/advice.ts";
import { usageQuery } from "#pages/drive/entries/entries.ts";

/** The viewer's own places, which a phone's bar has no room for. */
export function MePage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("nav.me"));
  return (
    <div className="mx-auto flex max-w-xl flex-col gap-3 px-4 pb-4 sm:px-8 sm:py-6">
      <Head />
      {me === undefined && <MeSkeleton className="h-38 rounded-xl!" />}
      {me === null ? <Entry /> : me !== undefined && <Card me={me} />}
      {me !== null && (
        <>
          <Rows>
            <Row
              to="/studio"
              name={t("nav.studio")}
              icon={<ChartColumn size={20} aria-hidden />}
              fact={<Videos count={me?.video_count ?? 0} />}
            />
            <Row to="/live/new" name={t("live.go")} icon={<Radio size={20} aria-hidden />} />
            <Row to="/drive" name={t("nav.drive")} icon={<HardDrive size={20} aria-hidden />} fact={<Usage />} />
            <Row to="/me/wallet" name={t("nav.wallet")} icon={<Wallet size={20} aria-hidden />} />
          </Rows>
          <Rows>
            <Row to="/history" name={t("nav.history")} icon={<History size={20} aria-hidden />} />
            <Row
              to="/saved"
              name={t("nav.saved")}
              icon={<Bookmark size={20} aria-hidden />}
              fact={<Count of={me?.favorite_count ?? 0} />}
            />
            <Row
              to="/playlists"
              name={t("nav.playlists")}
              icon={<ListVideo size={20} aria-hidden />}
              fact={me !== undefined && <Playlists userId={me.id} />}
            />
            <Row to="/your-feed" name={t("nav.yourFeed")} icon={<SlidersHorizontal size={20} aria-hidden />} />
          </Rows>
        </>
      )}
      {/* These rows depend on the viewer: they come with the card above. */}
      {me !== undefined && (
        <Rows>
          <Row to="/settings" name={t("nav.settings")} icon={<Settings size={20} aria-hidden />} />
          {me?.role === "admin" && (
            <Row to="/admin" name={t("nav.admin")} icon={<ShieldCheck size={20} aria-hidden />} fact={<Attention />} />
          )}
          {me?.role === "moderator" && (
            <Row to="/moderation" name={t("nav.moderation")} icon={<ShieldCheck size={20} aria-hidden />} />
          )}
        </Rows>
      )}
      {me != null && (
        <Rows>
          <LogOutRow />
        </Rows>
      )}
    </div>
  );
}

function Head() {
  const { t } = useTranslation();
  const theme = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <header className="flex min-h-14 items-center">
      <h1 className="flex-1 text-xl font-semibold">{t("nav.me")}</h1>
      <IconButton label={t(`nav.theme.${other}`)} onPress={() => setTheme(other)}>
        {theme === "dark" ? <Sun size={20} aria-hidden /> : <Moon size={20} aria-hidden />}
      </IconButton>
      <Link
        to="/search"
        aria-label={t("nav.search")}
        className="grid size-11 place-items-center rounded-full hover:bg-raised sm:hidden"
      >
        <Search size={20} aria-hidden />
      </Link>
    </header>
  );
}

function Entry() {
  const { t } = useTranslation();
  return (
    <section className="flex flex-col gap-4 rounded-xl bg-surface p-5">
      <p className="text-base text-pretty">{t("me.visitor")}</p>
      <div className="flex gap-2">
        <LinkButton look="main" to="/signup" className="flex-1">
          {t("nav.signup")}
        </LinkButton>
        <LinkButton to="/login" className="flex-1">
          {t("nav.login")}
        </LinkButton>
      </div>
    </section>
  );
}

/** The face, the name and the numbers of the viewer. */
function Card({ me }: { me: User }) {
  const { t, i18n } = useTranslation();
  const params = { username: me.username };
  const facts = [
    [me.follower_count, "me.followers"],
    [me.follow_count, "me.following"],
    [me.like_count, "me.likes"],
  ] as const;
  return (
    <section className="rounded-xl bg-surface p-4">
      <div className="flex items-center gap-3.5">
        <Avatar user={me} size="card" />
        <div className="min-w-0 flex-1">
          <span className="block truncate text-base font-semibold">
            <bdi>{me.nickname || me.username}</bdi>
          </span>
          <span className="block truncate text-soft">
            <bdi>@{me.username}</bdi>
          </span>
        </div>
        <LinkButton to="/@{$username}" params={params}>
          {t("me.viewProfile")}
        </LinkButton>
      </div>
      <dl className="mt-4 grid grid-cols-3 text-center">
        {facts.map(([count, key]) => (
          <div key={key} className="flex flex-col-reverse">
            <dt className="text-xs text-soft">{t(key, { count })}</dt>
            <dd className="tabular text-base font-semibold">{formatCount(count, i18n.language)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line overflow-hidden rounded-xl bg-surface">{children}</ul>;
}

const rowClass = "flex min-h-13 w-full items-center gap-3.5 ps-4 pe-3 text-start hover:bg-raised";

interface RowProps {
  to: SitePath;
  name: string;
  icon: ReactNode;
  fact?: ReactNode;
}

function Row({ to, name, icon, fact }: RowProps) {
  return (
    <li>
      <Link to={to} className={rowClass}>
        {icon}
        <span className="flex-1 text-base font-medium">{name}</span>
        {fact !== undefined && <span className="tabular text-faint">{fact}</span>}
        <ChevronRight size={18} aria-hidden className="text-faint rtl:-scale-x-100" />
      </Link>
    </li>
  );
}

function LogOutRow() {
  const { t } = useTranslation();
  const logOut = useLogOut();
  return (
    <li>
      <button type="button" className={rowClass} onClick={logOut}>
        <LogOut size={20} aria-hidden className="rtl:-scale-x-100" />
        <span className="text-base font-medium">{t("nav.logout")}</span>
      </button>
    </li>
  );
}

function Count({ of }: { of: number }) {
  const { i18n } = useTranslation();
  return of > 0 ? formatCount(of, i18n.language) : null;
}

function Videos({ count }: { count: number }) {
  const { t, i18n } = useTranslation();
  return count > 0 ? t("count.videos", { count, formatted: formatCount(count, i18n.language) }) : null;
}

function Playlists({ userId }: { userId: number }) {
  const { data } = useQuery(playlistCountQuery(userId));
  return <Count of={data ?? 0} />;
}

/** How many things an administrator must see to. */
function Attention() {
  const { t } = useTranslation();
  const { data } = useQuery(overviewQuery);
  const { attention } = summaryOf(data?.advice ?? []);
  if (attention === 0) return null;
  return (
    <span className="rounded-md bg-warn/8 px-1.5 py-0.5 text-xs font-semibold text-warn">
      {t("me.attention", { count: attention })}
    </span>
  );
}

/** How much of the drive is used. */
function Usage() {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(usageQuery);
  if (data === undefined) return null;
  const used = formatSize(data.used_bytes, i18n.language);
  if (data.quota_bytes === 0) return used;
  return t("me.usedOf", { used, total: formatSize(data.quota_bytes, i18n.language) });
}
