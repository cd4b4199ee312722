import { useInfiniteQuery, type UseInfiniteQueryResult, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { History, LogOut, MessageCircle, Pencil, Play } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asFailure } from "../api/failure.ts";
import { favoritesQuery, likedQuery, useMe, userQuery, userVideosQuery } from "../api/queries.ts";
import type { User, Video } from "../api/types.ts";
import { Folders } from "../favorites/folders.tsx";
import { formatCount } from "../format/format.ts";
import { ReportButton } from "../moderation/report-button.tsx";
import { PlaylistCards } from "../playlists/playlist-cards.tsx";
import { useLogOut } from "../shell/nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button, LinkButton } from "../ui/button.tsx";
import { Cover } from "../ui/cover.tsx";
import { FilmDrawing, ShelfDrawing } from "../ui/illustrations.tsx";
import { LoadMore, type Paging } from "../ui/load-more.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { Tabbed } from "../ui/tabbed.tsx";
import { VisibilityIcon } from "../ui/visibility.tsx";
import { FollowButton } from "../ui/follow-button.tsx";
import { StaffBadge } from "../ui/staff-badge.tsx";
import { BlockButton } from "./block-button.tsx";
import { type People, PeopleSheet } from "./people-sheet.tsx";
import { gridShape } from "./grid-shape.ts";

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
    <div className="mx-auto max-w-5xl px-4 py-4 sm:px-8 sm:py-10">
      {user.data === undefined ? (
        <ProfileSkeleton />
      ) : (
        <>
          <Head user={user.data} />
          <Tabs user={user.data} />
        </>
      )}
    </div>
  );
}

function Head({ user }: { user: User }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const logOut = useLogOut();
  const [people, setPeople] = useState<People | null>(null);
  const isMine = me?.id === user.id;
  const joined = new Intl.DateTimeFormat(i18n.language, { year: "numeric", month: "long" }).format(
    Date.parse(user.created_at),
  );
  const count = (number: number) => formatCount(number, i18n.language);
  return (
    <header className="mb-8 flex flex-col gap-4 sm:flex-row sm:items-center sm:gap-6">
      <Avatar user={user} size="large" />
      <div className="min-w-0 flex-1">
        <h1 className="text-2xl font-semibold">{user.nickname || user.username}</h1>
        <p className="flex flex-wrap items-center gap-x-2 text-soft">
          @{user.username}
          <StaffBadge role={user.role} />
        </p>
        <p className="tabular mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
          <button type="button" className="min-h-11 hover:underline" onClick={() => setPeople("followers")}>
            {t("count.followers", { count: user.follower_count, formatted: count(user.follower_count) })}
          </button>
          <button type="button" className="min-h-11 hover:underline" onClick={() => setPeople("following")}>
            {t("count.following", { count: user.follow_count, formatted: count(user.follow_count) })}
          </button>
          <button type="button" className="min-h-11 hover:underline" onClick={() => setPeople("friends")}>
            {t("people.friends")}
          </button>
          <span>{t("count.videos", { count: user.video_count, formatted: count(user.video_count) })}</span>
          <span>{t("count.likes", { count: user.like_count, formatted: count(user.like_count) })}</span>
          <span>{t("profile.joined", { date: joined })}</span>
        </p>
        {user.is_blocked && (
          <p className="mt-2 font-medium">{t("block.is", { name: user.nickname || user.username })}</p>
        )}
        {user.bio !== "" && <p className="mt-3 max-w-xl text-base whitespace-pre-line">{user.bio}</p>}
      </div>
      {!isMine && (
        <div className={`flex gap-2 self-stretch sm:self-center ${me === undefined ? "invisible" : ""}`}>
          {!user.is_blocked && <FollowButton user={user} className="flex-1" />}
          {me != null && !user.is_blocked && (
            <LinkButton to="/inbox/to/$username" params={{ username: user.username }}>
              <MessageCircle size={16} aria-hidden />
              {t("profile.message")}
            </LinkButton>
          )}
          <ReportButton thing={{ kind: "user", id: user.id }} />
          {me != null && <BlockButton user={user} />}
        </div>
      )}
      {people !== null && (
        <PeopleSheet user={user} which={people} onWhich={setPeople} onClose={() => setPeople(null)} />
      )}
      {isMine && (
        <div className="flex gap-2 self-stretch sm:self-center">
          <LinkButton to="/history" aria-label={t("history.title")}>
            <History size={16} aria-hidden />
          </LinkButton>
          <LinkButton to="/settings" className="flex-1">
            <Pencil size={16} aria-hidden />
            {t("profile.edit")}
          </LinkButton>
          <Button onPress={logOut} className="sm:hidden">
            <LogOut size={16} aria-hidden />
            {t("nav.logout")}
          </Button>
        </div>
      )}
    </header>
  );
}

const tabs = ["videos", "playlists", "likes", "favorites"] as const;
type Tab = (typeof tabs)[number];

/** A user's videos, likes and favourites. */
function Tabs({ user }: { user: User }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("videos");
  return (
    <Tabbed
      label={t("profile.tabs")}
      tabs={tabs.map((name) => ({ name, text: t(`profile.tab.${name}`) }))}
      current={tab}
      onChange={setTab}
    >
      {tab === "videos" && <Videos user={user} />}
      {tab === "playlists" && <PlaylistCards user={user} />}
      {tab === "likes" && <Liked user={user} />}
      {tab === "favorites" && <Kept user={user} />}
    </Tabbed>
  );
}

function Liked({ user }: { user: User }) {
  return <List user={user} query={useInfiniteQuery(likedQuery(user.id))} what="likes" />;
}
function Kept({ user }: { user: User }) {
  const [folder, setFolder] = useState<number | null>(null);
  const query = useInfiniteQuery(favoritesQuery(user.id, folder));
  return (
    <>
      <Folders userId={user.id} current={folder} onCurrent={setFolder} />
      <List user={user} query={query} what="favorites" />
    </>
  );
}
function Videos({ user }: { user: User }) {
  return <List user={user} query={useInfiniteQuery(userVideosQuery(user.id))} what="videos" />;
}

interface ListProps {
  user: User;
  query: Pick<
    UseInfiniteQueryResult<{ pages: { list: Video[] }[] }>,
    "data" | "isPending" | "isError" | "isFetching" | "refetch" | keyof Paging
  >;
  what: Exclude<Tab, "playlists">;
}

const readyIn = (found: { pages: { list: Video[] }[] } | undefined): Video[] =>
  (found?.pages.flatMap((page) => page.list) ?? []).filter((video) => video.status === 1);

function List({ user, query, what }: ListProps) {
  const { t } = useTranslation();
  const me = useMe();
  const isBare = query.data !== undefined && query.hasNextPage && readyIn(query.data).length === 0;
  const { isFetching, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    // A page of drafts alone shows nothing: what comes after them does.
    if (isBare && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [isBare, isFetching, isFetchNextPageError, fetchNextPage]);
  if (query.isPending) return <GridSkeleton />;
  if (query.isError && query.data === undefined) {
    if (asFailure(query.error).code === "interaction.list_hidden")
      return <State drawing={<ShelfDrawing />} title={t("profile.hidden.title")} text={t("profile.hidden.text")} />;
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  // Unfinished videos have their place in "My videos"; here are those that visitors can see, and one's own private
  // ones.
  const videos = readyIn(query.data);
  if (videos.length === 0 && !query.hasNextPage) {
    const isMine = me?.id === user.id;
    if (what !== "videos")
      return <State drawing={<ShelfDrawing />} title={t(`profile.${what}.empty`)} text={t("profile.list.empty")} />;
    return (
      <State
        drawing={<ShelfDrawing />}
        title={t("profile.empty.title")}
        text={isMine ? t("profile.emptyMine.text") : t("profile.empty.text", { name: user.nickname || user.username })}
      >
        {isMine && (
          <LinkButton look="main" to="/upload">
            {t("feed.empty.action")}
          </LinkButton>
        )}
      </State>
    );
  }
  const shape = gridShape(videos);
  return (
    <>
      <ul
        className={`grid gap-3 ${shape === "tall" ? "grid-cols-3 gap-1! sm:gap-3! md:grid-cols-4 lg:grid-cols-5" : "grid-cols-1 gap-y-5 min-[420px]:grid-cols-2 lg:grid-cols-3"}`}
      >
        {videos.map((video) => (
          <li key={video.id}>{shape === "tall" ? <TallVideo video={video} /> : <WideVideo video={video} />}</li>
        ))}
      </ul>
      <LoadMore query={query} className="mt-6" />
    </>
  );
}

function TallVideo({ video }: { video: Video }) {
  const { i18n } = useTranslation();
  return (
    <Link to="/watch/$id" params={{ id: video.id }} className="group relative block overflow-hidden rounded-lg">
      <span className="sr-only">{video.title}</span>
      <Cover
        video={video}
        showDuration={false}
        className="aspect-9/16 transition-transform duration-200 group-hover:scale-102"
      />
      <span className="tabular text-shadow-video absolute inset-x-0 bottom-0 flex items-center gap-1 bg-linear-to-t from-black/75 to-transparent px-2 pt-6 pb-1.5 text-xs font-semibold text-white">
        <Play size={12} fill="currentColor" aria-hidden />
        {formatCount(video.play_count, i18n.language)}
        {video.visibility !== "public" && <VisibilityIcon visibility={video.visibility} size={14} />}
      </span>
    </Link>
  );
}

function WideVideo({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const formatted = formatCount(video.play_count, i18n.language);
  return (
    <Link to="/watch/$id" params={{ id: video.id }} className="group block rounded-lg">
      <Cover video={video} className="aspect-video" />
      <span className="mt-2 line-clamp-2 font-medium group-hover:underline">{video.title}</span>
      <span className="mt-0.5 flex items-center gap-1.5 text-xs text-soft">
        {video.visibility !== "public" && <VisibilityIcon visibility={video.visibility} size={14} />}
        {t("count.views", { count: video.play_count, formatted })}
      </span>
    </Link>
  );
}

function ProfileSkeleton() {
  return (
    <div aria-busy>
      <div className="mb-8 flex flex-col gap-4 sm:flex-row sm:items-center sm:gap-6">
        <div className="skeleton size-24 rounded-full!" />
        <div className="flex flex-col gap-2">
          <div className="skeleton h-8 w-48" />
          <div className="skeleton h-4 w-28" />
          <div className="skeleton h-4 w-56" />
        </div>
      </div>
      <GridSkeleton />
    </div>
  );
}

function GridSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-3" aria-busy>
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <div key={place} className="skeleton aspect-video" />
      ))}
    </div>
  );
}
