import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Link2 } from "lucide-react";
import { useState } from "react";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { favoritesQuery, likedQuery, popularOfQuery, userQuery, userVideosQuery } from "#base/api/queries.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { User } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { RichText } from "#base/text/rich-text.tsx";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { Tabbed } from "#base/ui/buttons/tabbed.tsx";
import { FilmDrawing } from "#base/ui/states/illustrations.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { Folders } from "#parts/favorites/folders.tsx";
import { PlaylistCards } from "#parts/playlists/playlist-cards.tsx";
import { GridSkeleton, VideoList } from "#parts/profile/video-list.tsx";
import { ProfileHead } from "./profile-head.tsx";
import { type ProfileTab, profileTabs } from "./tabs.ts";

export function ProfilePage() {
  const { t } = useTranslation();
  const { username } = useParams({ from: "/@{$username}" });
  const user = useQuery(userQuery(username));
  useTitle(user.data?.nickname || user.data?.username);
  if (user.isError && asFailure(user.error).status === 404) {
    return (
      <State drawing={<FilmDrawing />} title={t("profile.missing.title")} text={t("profile.missing.text")}>
        <LinkButton look="main" to="/">
          {t("missing.action")}
        </LinkButton>
      </State>
    );
  }
  if (user.isError && user.data === undefined) {
    return <ErrorState error={user.error} onRetry={() => void user.refetch()} />;
  }
  return (
    <div className="mx-auto max-w-[80rem] sm:px-6 sm:py-2">
      {user.data === undefined ? (
        <ProfileSkeleton />
      ) : (
        <>
          <ProfileHead user={user.data} />
          <Tabs user={user.data} />
        </>
      )}
    </div>
  );
}

/** A user's videos, likes and favourites; which of them is part of the address. */
function Tabs({ user }: { user: User }) {
  const { t } = useTranslation();
  const { tab = "videos" } = useSearch({ from: "/@{$username}" });
  const navigate = useNavigate({ from: "/@{$username}" });
  const open = (name: ProfileTab) =>
    void navigate({ search: name === "videos" ? {} : { tab: name }, replace: true, resetScroll: false });
  return (
    <div className="px-4 pt-3 sm:px-0">
      <Tabbed
        label={t("profile.tabs")}
        tabs={profileTabs.map((name) => ({ name, text: t(`profile.tab.${name}`) }))}
        current={tab}
        onChange={open}
      >
        {tab === "videos" && <Videos user={user} />}
        {tab === "playlists" && <PlaylistCards user={user} />}
        {tab === "likes" && <Liked user={user} />}
        {tab === "favorites" && <Kept user={user} />}
        {tab === "about" && <About user={user} />}
      </Tabbed>
    </div>
  );
}

/** The long description of a user, and the facts. */
function About({ user }: { user: User }) {
  const { t, i18n } = useTranslation();
  const joined = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(Date.parse(user.created_at));
  return (
    <div className="flex max-w-2xl flex-col gap-4 pb-8">
      {user.bio !== "" && (
        <p className="text-base whitespace-pre-line" dir="auto">
          {user.bio}
        </p>
      )}
      {user.about !== "" && (
        <p className="text-base whitespace-pre-line" dir="auto">
          <RichText text={user.about} />
        </p>
      )}
      {user.links.length > 0 && (
        <ul className="flex flex-col">
          {user.links.map(({ title, url }) => (
            <li key={`${title} ${url}`}>
              <a
                href={url}
                target="_blank"
                rel="noopener nofollow ugc"
                className="inline-flex min-h-10 max-w-full items-center gap-2 font-medium hover:underline"
              >
                <Link2 size={16} aria-hidden className="shrink-0" />
                <span className="truncate">
                  <bdi>{title}</bdi>
                </span>
                <span className="truncate text-soft">{new URL(url).host}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <ul className="flex flex-col gap-2 text-soft">
        <li>{t("profile.joined", { date: joined })}</li>
        <li className="tabular">
          {t("count.videos", { count: user.video_count, formatted: formatCount(user.video_count, i18n.language) })}
        </li>
      </ul>
    </div>
  );
}

function Liked({ user }: { user: User }) {
  return <VideoList user={user} query={useInfiniteQuery(likedQuery(user.id))} what="likes" />;
}
function Kept({ user }: { user: User }) {
  const [folder, setFolder] = useState<number | null>(null);
  const query = useInfiniteQuery(favoritesQuery(user.id, folder));
  return (
    <>
      <Folders userId={user.id} current={folder} onCurrent={setFolder} />
      <VideoList user={user} query={query} what="favorites" />
    </>
  );
}
const sorts = ["latest", "popular"] as const;

function Videos({ user }: { user: User }) {
  const { t, i18n } = useTranslation();
  const [sort, setSort] = useState<(typeof sorts)[number]>("latest");
  const hasChoice = user.video_count > 1;
  return (
    <>
      {hasChoice && (
        <div className="mb-4 flex items-center justify-between gap-3">
          <RadioGroup
            aria-label={t("profile.sort")}
            value={sort}
            onChange={(chosen) => setSort(chosen === "popular" ? "popular" : "latest")}
            orientation="horizontal"
            className="flex gap-2"
          >
            {sorts.map((order) => (
              <Radio
                key={order}
                value={order}
                className={({ isSelected }) => `cursor-pointer ${chipClass(isSelected)}`}
              >
                {t(`profile.sort.${order}`)}
              </Radio>
            ))}
          </RadioGroup>
          <span className="tabular text-soft">
            {t("count.videos", { count: user.video_count, formatted: formatCount(user.video_count, i18n.language) })}
          </span>
        </div>
      )}
      {sort === "popular" ? <Popular user={user} /> : <Latest user={user} />}
    </>
  );
}
function Latest({ user }: { user: User }) {
  return <VideoList user={user} query={useInfiniteQuery(userVideosQuery(user.id))} what="videos" />;
}
function Popular({ user }: { user: User }) {
  return <VideoList user={user} query={useInfiniteQuery(popularOfQuery(user.id))} what="videos" />;
}

function ProfileSkeleton() {
  return (
    <div aria-busy>
      <Skeleton className="h-33 rounded-none! sm:h-36 sm:rounded-2xl!" />
      <div className="mb-8 px-4 sm:flex sm:gap-7 sm:px-3">
        <Skeleton className="-mt-10 size-24 rounded-full! sm:-mt-11 sm:size-32" />
        <div className="flex flex-col gap-2 pt-4">
          <Skeleton className="h-8 w-48" />
          <Skeleton className="h-4 w-28" />
          <Skeleton className="h-4 w-56" />
        </div>
      </div>
      <GridSkeleton />
    </div>
  );
}
