import { useQuery } from "@tanstack/react-query";
import { useCanGoBack, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { videoQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { keepUnlock } from "#base/api/request/unlocks.ts";
import type { Video } from "#base/api/types.ts";
import { useIsWide } from "#base/frame/frame.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { Later } from "#base/ui/loading/later.tsx";
import { lazyPart, lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { FilmDrawing, ReelDrawing } from "#base/ui/states/illustrations.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { useLike } from "#base/ui/videos/use-video-actions.ts";
import { useHasComments } from "#parts/comments/comment-queries.ts";
import { OwnDanmakuBar } from "#parts/player/danmaku/bar.tsx";
import { pathBefore, sourceOf } from "#parts/player/engine/source.ts";
import { lockedCodes } from "#parts/gates/queries.ts";
import { Locked } from "#parts/player/locked.tsx";
import { Player } from "#parts/player/player.tsx";
import { type Next, useNext } from "#parts/player/use-next.ts";
import { useTheatre } from "#parts/player/use-theatre.ts";
import { Playing } from "#parts/playlists/playing.tsx";
import { CommentsPart, useCommentsSheet } from "./comments-part.tsx";
import { playerRatio } from "./player-shape.ts";
import { UpNext } from "./up-next.tsx";
import { VideoDetails } from "./video-details.tsx";

const KeysSheet = lazySheet(() => import("#base/ui/sheets/keys-sheet.tsx"), "KeysSheet");

const LockedThing = lazyPart(() => import("#parts/gates/locked-thing.tsx"), "LockedThing", { texts: ["gates"] });

const pollMs = 2000;
/** A gate does not open for the viewer, or cannot say so now. */

export function WatchPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/watch/$id" });
  const { list, comment, t: startS, invitation } = useSearch({ from: "/watch/$id" });
  const next = useNext(list, id);
  const [isTheatre, toggleTheatre] = useTheatre();
  const video = useQuery({
    ...videoQuery(id),
    enabled: id > 0,
    refetchInterval: ({ state }) => (state.data?.status === 0 ? pollMs : false),
  });
  useTitle(video.data?.title);
  const hasComments = useHasComments(video.data);
  if (id <= 0 || (video.isError && asFailure(video.error).status === 404)) {
    return (
      <State drawing={<FilmDrawing />} title={t("watch.missing.title")} text={t("watch.missing.text")}>
        <LinkButton look="main" to="/">
          {t("missing.action")}
        </LinkButton>
      </State>
    );
  }
  if (video.isError && asFailure(video.error).code === "video.password_required") {
    const open = async (password: string) => {
      const { unlock } = await ask("video.unlock", { path: { id }, body: { password } });
      keepUnlock(String(id), unlock);
      await video.refetch();
    };
    return <Locked key={id} title={t("watch.password.title")} onOpen={open} />;
  }
  if (video.isError && lockedCodes.has(asFailure(video.error).code))
    return (
      <LockedThing key={id} thing={{ kind: "video", id }} invitation={invitation} onOpen={() => void video.refetch()} />
    );
  if (video.isError && video.data === undefined) {
    return <ErrorState error={video.error} onRetry={() => void video.refetch()} />;
  }
  return (
    <div
      data-theatre={isTheatre ? "" : undefined}
      className="watch-page mx-auto grid max-w-[1760px] gap-x-6 gap-y-5 sm:px-4 sm:py-3 lg:not-data-[theatre]:grid-cols-[minmax(0,1fr)_21rem] xl:px-6 xl:py-4"
    >
      <div className="min-w-0">
        {video.data === undefined ? (
          <WatchSkeleton />
        ) : (
          <Later key={id} fallback={<WatchSkeleton video={video.data} />}>
            <Watching video={video.data} comment={comment} startS={startS} next={next} onTheatre={toggleTheatre} />
          </Later>
        )}
      </div>
      {/* Under the film and its comments it would be pushed away by them: it comes with them. */}
      <div className={classNames("min-w-0", !hasComments && "max-lg:hidden")}>
        {list !== undefined && <Playing list={list} current={id} />}
        {/* Twice: after the film, which is as much work as all the rest. */}
        <Later>
          <Later>
            <UpNext videoId={id} isInPlaylist={list !== undefined} />
          </Later>
        </Later>
      </div>
    </div>
  );
}

interface WatchingProps {
  video: Video;
  /** The comment whose link was followed. */
  comment: number | undefined;
  /** The start of playback in the link. */
  startS: number | undefined;
  next: Next;
  onTheatre: () => void;
}

function Watching({ video, comment, startS, next, onTheatre }: WatchingProps) {
  const like = useLike(video);
  const isWide = useIsWide();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [chapter, setChapter] = useState(-1);
  const seek = useRef<((seconds: number) => void) | null>(null);
  const time = useRef(0);
  const page = useRef<HTMLDivElement>(null);
  const seekTo = (seconds: number) => {
    seek.current?.(seconds);
    // Over the sheet it is seen already.
    if (!sheet.isOpen) page.current?.scrollIntoView({ block: "start" });
  };
  const leave = useLeave();
  const sheet = useCommentsSheet(video, comment);
  const ratio = playerRatio(video.width, video.height);
  const [source] = useState(() => sourceOf(pathBefore(), next.isInstant));
  const isPlayable = video.hls_url !== "" && video.status !== 2 && video.status !== 3;
  return (
    <div ref={page}>
      {isPlayable ? (
        <div className="player-place" data-comments={sheet.isOpen ? "" : undefined} style={{ "--ratio": ratio }}>
          <Player
            {...{ video, source, ratio, seek, time }}
            onLike={() => like()}
            onHelp={() => setHelpOpen(true)}
            {...(startS !== undefined && { startS })}
            onChapter={setChapter}
            page={{ next, onTheatre, onMini: leave }}
          />
        </div>
      ) : (
        <NotPlayable video={video} />
      )}
      {isPlayable && isWide && <OwnDanmakuBar video={video} timeS={time} />}
      <VideoDetails video={video} chapter={chapter} onSeek={isPlayable ? seekTo : null} timeS={() => time.current} />
      {video.status === 1 && (
        <Later>
          <CommentsPart {...{ video, sheet }} linked={comment} onSeek={seekTo} />
        </Later>
      )}
      {isHelpOpen && <KeysSheet page="watch" onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

/** Leaves the page as one came, which is when the video goes on in the corner. */
function useLeave(): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  return () => {
    if (canGoBack) router.history.back();
    else void navigate({ to: "/explore" });
  };
}

function NotPlayable({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const reason = video.status_reason;
  const isFailed = video.status !== 0;
  const text =
    isFailed && reason != null
      ? errorText({ code: reason.error, message: reason.message }, textsOf(i18n.language))
      : isFailed
        ? t("processing.failed.safe")
        : t("watch.processing.text");
  return (
    <div className="grid min-h-80 place-items-center bg-surface sm:aspect-video sm:rounded-2xl [&>div]:min-h-0!">
      <State
        drawing={isFailed ? <FilmDrawing /> : <ReelDrawing />}
        title={isFailed ? t("watch.failed.title") : t("watch.processing.title")}
        text={text}
      />
    </div>
  );
}

/** The shape of the page; a video that is known has its own, and its cover where the player comes. */
function WatchSkeleton({ video }: { video?: Video }) {
  return (
    <div aria-busy>
      {video === undefined ? (
        <Skeleton className="aspect-video max-sm:rounded-none! sm:rounded-2xl!" />
      ) : (
        <div className="player flex justify-center overflow-hidden bg-black">
          <div className="player-frame" style={{ "--ratio": playerRatio(video.width, video.height) }}>
            {video.cover_url !== "" && <img src={video.cover_url} alt="" className="size-full object-contain" />}
          </div>
        </div>
      )}
      <div className="flex flex-col gap-3 px-4 pt-5 sm:px-0">
        <Skeleton className="h-7 w-3/4" />
        <Skeleton className="h-4 w-40" />
        <div className="flex items-center gap-3 pt-2">
          <Skeleton className="size-11 rounded-full!" />
          <Skeleton className="h-4 w-28" />
        </div>
      </div>
    </div>
  );
}
