import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Pencil, Play, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { meWithin } from "#base/api/queries.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Playlist, Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { VisibilityBadge } from "#base/ui/fields/visibility.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { FilmDrawing, ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State, useErrorText } from "#base/ui/states/states.tsx";
import { VideoRowsSkeleton } from "#base/ui/states/video-rows-skeleton.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { lockedCodes } from "#parts/gates/queries.ts";
import { Items } from "#parts/playlists/items.tsx";
import { PlaylistForm } from "#parts/playlists/playlist-form.tsx";
import { deleteLater, headQuery, itemsQuery, playlistQuery } from "#parts/playlists/queries.ts";
import { ReportButton } from "#parts/report/report-button.tsx";

const LockedThing = lazyPart(() => import("#parts/gates/locked-thing.tsx"), "LockedThing", { texts: ["gates"] });

/** A playlist: what it is, what is in it, and for its owner what can be done with it. */
export function PlaylistPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/playlist/$id" });
  const { invitation } = useSearch({ from: "/playlist/$id" });
  const playlist = useQuery({ ...playlistQuery(id), enabled: id > 0 });
  useTitle(playlist.data?.title);
  if (id <= 0 || (playlist.isError && asFailure(playlist.error).status === 404))
    return (
      <State drawing={<FilmDrawing />} title={t("playlist.missing.title")} text={t("playlist.missing.text")}>
        <LinkButton look="main" to="/">
          {t("missing.action")}
        </LinkButton>
      </State>
    );
  if (playlist.isError && lockedCodes.has(asFailure(playlist.error).code))
    return (
      <LockedThing
        key={id}
        thing={{ kind: "playlist", id }}
        invitation={invitation}
        onOpen={() => void playlist.refetch()}
      />
    );
  if (playlist.isError && playlist.data === undefined)
    return <ErrorState error={playlist.error} onRetry={() => void playlist.refetch()} />;
  return (
    <div className="mx-auto max-w-3xl px-4 py-4 sm:px-6 sm:py-6 lg2:grid lg2:max-w-6xl lg2:grid-cols-[20rem_minmax(0,1fr)] lg2:items-start lg2:gap-8">
      {playlist.data === undefined ? (
        <>
          <div aria-busy className="mb-5 flex flex-col gap-3 lg2:mb-0">
            <Skeleton className="aspect-video rounded-xl!" />
            <Skeleton className="h-8 w-2/3" />
            <Skeleton className="h-4 w-40" />
          </div>
          <VideoRowsSkeleton coverClass="w-28 sm:w-32" />
        </>
      ) : (
        <Content playlist={playlist.data} />
      )}
    </div>
  );
}

function Content({ playlist }: { playlist: Playlist }) {
  const { t, i18n } = useTranslation();
  const head = useQuery(headQuery(playlist.id));
  const query = useInfiniteQuery(itemsQuery(playlist.id));
  const videos = query.data?.pages.flatMap((page) => page.list) ?? [];
  const [first] = videos;
  const total = Math.max(head.data?.total ?? 0, videos.length);
  return (
    <>
      <header className="mb-5 lg2:sticky lg2:top-[calc(var(--top)+1.5rem)] lg2:mb-0 lg2:rounded-2xl lg2:bg-surface lg2:p-4">
        <Picture video={first ?? null} isPending={query.isPending} />
        <h1 className="mt-4 text-2xl font-semibold break-words lg2:text-xl">{playlist.title}</h1>
        <p className="tabular mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
          {query.isSuccess && (
            <span>{t("count.videos", { count: total, formatted: formatCount(total, i18n.language) })}</span>
          )}
          <VisibilityBadge visibility={playlist.visibility} />
        </p>
        {playlist.description !== "" && <p className="mt-2 text-base whitespace-pre-line">{playlist.description}</p>}
        <div className="mt-4 flex flex-wrap gap-2">
          {first !== undefined && (
            <LinkButton
              look="main"
              to="/watch/$id"
              params={{ id: first.id }}
              search={{ list: playlist.id }}
              className="lg2:w-full"
            >
              <Play size={18} aria-hidden fill="currentColor" />
              {t("playlist.playAll")}
            </LinkButton>
          )}
          {playlist.is_mine ? (
            <Own playlist={playlist} />
          ) : (
            <ReportButton thing={{ kind: "playlist", id: playlist.id }} />
          )}
        </div>
      </header>
      <div className="min-w-0">
        {query.isPending && <VideoRowsSkeleton coverClass="w-28 sm:w-32" />}
        {query.isError && query.data === undefined && (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.isSuccess && videos.length === 0 && (
          <State
            drawing={<ShelfDrawing />}
            title={t("playlist.empty.title")}
            text={t(playlist.is_mine ? "playlist.emptyMine.text" : "playlist.empty.text")}
          >
            {playlist.is_mine && (
              <LinkButton look="main" to="/search">
                {t("nav.search")}
              </LinkButton>
            )}
          </State>
        )}
        <Items playlist={playlist} videos={videos} />
        <LoadMore query={query} className="mt-4" />
      </div>
    </>
  );
}

/** The picture of its first video; as large while that is not known. */
function Picture({ video, isPending }: { video: Video | null; isPending: boolean }) {
  if (isPending) return <Skeleton className="aspect-video rounded-xl!" />;
  if (video === null) return null;
  return <Cover video={video} showDuration={false} className="aspect-video rounded-xl!" />;
}

/** A user who deleted a playlist leaves its page after this. */
const leaveMs = 2_000;

/** The owner's actions on the playlist as a whole. */
function Own({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const text = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => void (isHere.current = false);
  }, []);
  const remove = () => {
    let isBack = false;
    const undo = deleteLater(playlist.id, (thrown) => showToast(text(thrown), undefined, 8000));
    const back = () => {
      isBack = true;
      undo();
      void navigate({ to: "/playlist/$id", params: { id: playlist.id } });
    };
    showToast(t("my.deleted", { title: playlist.title }), { name: t("action.undo"), run: back }, undoMs - 200);
    void meWithin(leaveMs).then((me) => {
      // Nobody is led away from where they went meanwhile, or from what they took back.
      if (isBack || !isHere.current) return;
      void navigate(me === undefined ? { to: "/" } : { to: "/@{$username}", params: { username: me.username } });
    });
  };
  return (
    <>
      <Button onPress={() => setOpen(true)}>
        <Pencil size={18} aria-hidden />
        {t("action.edit")}
      </Button>
      <Button look="danger" onPress={remove}>
        <Trash2 size={18} aria-hidden />
        {t("playlist.delete")}
      </Button>
      <Sheet title={t("playlist.edit")} isOpen={isOpen} onClose={() => setOpen(false)}>
        <PlaylistForm playlist={playlist} onCancel={() => setOpen(false)} onDone={() => setOpen(false)} />
      </Sheet>
    </>
  );
}
