import { ChevronDown, ChevronUp } from "lucide-react";
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FeedVideo } from "../api/types.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { ReelDrawing } from "../ui/illustrations.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { useLike } from "../ui/use-video-actions.ts";
import { Card } from "./card.tsx";
import { useFeedKeys } from "./use-feed-keys.ts";
import { useFeedScroll } from "./use-feed-scroll.ts";
import { playersAt } from "./window.ts";

const MoreSheet = lazy(() => import("./more-sheet.tsx").then((module) => ({ default: module.MoreSheet })));
const KeysSheet = lazy(() => import("../ui/keys-sheet.tsx").then((module) => ({ default: module.KeysSheet })));

interface FeedListProps {
  videos: readonly FeedVideo[];
  hasMore: boolean;
  isFetching: boolean;
  /** Why the next page did not come; `null` when nothing is wrong. It is asked for again only by hand. */
  error: Error | null;
  onMore: () => void;
}

/** The video that was watched last in this tab: the feed opens there again. */
const placeKey = "kinora.feed";
/** Sound needs a gesture of the viewer in this document; it holds until the document goes. */
let wantsSound = false;

export function FeedList({ videos, hasMore, isFetching, error, onMore }: FeedListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const [start] = useState(() => startOf(videos));
  const { active, visible, isAtEnd, go, step } = useFeedScroll(list, videos.length, start);
  const [isPaused, setPaused] = useState(false);
  const [isMuted, setMuted] = useState(!wantsSound);
  const [rate, setRate] = useState(1);
  const [open, setOpen] = useState<"more" | "keys" | null>(null);
  const current = videos[active];
  // The first video has the line and the processor to itself; its neighbours follow when it shows a picture.
  const [hasPicture, setPicture] = useState(false);
  const players = new Set(hasPicture ? playersAt(visible, videos.length) : [active]);

  const mute = (next: boolean) => {
    wantsSound = !next;
    setMuted(next);
  };
  useEffect(() => {
    setPaused(false);
    if (current !== undefined) sessionStorage.setItem(placeKey, String(current.id));
  }, [current?.id]);
  const needsMore = hasMore && !isFetching && error === null && active >= videos.length - 4;
  useEffect(() => {
    if (needsMore) onMore();
  }, [needsMore, onMore]);
  useLayoutEffect(() => {
    if (start > 0) go(start, "instant");
  }, []);

  return (
    <>
      <div ref={list} className="feed" role="feed" aria-busy={isFetching} aria-label={t("feed.title")} tabIndex={-1}>
        {videos.map((video, index) => (
          <Card
            key={video.id}
            {...{ video, rate, isMuted }}
            place={index}
            isActive={index === active && !isAtEnd}
            isNear={Math.abs(index - active) <= (hasPicture ? 2 : 0)}
            isAlive={players.has(index)}
            isPaused={isPaused || isAtEnd}
            onPicture={() => setPicture(true)}
            onPause={setPaused}
            onMute={mute}
            onMore={() => setOpen("more")}
          />
        ))}
        <FeedEnd {...{ hasMore, isFetching, error, isAtEnd, onMore }} onFirst={() => go(0)} />
      </div>
      <StepButtons isAtStart={active === 0} isAtEnd={isAtEnd} onStep={step} />
      {current !== undefined && (
        <Keys
          video={current}
          list={list}
          isOff={open !== null}
          onStep={step}
          onPause={() => setPaused(!isPaused)}
          onMute={() => mute(!isMuted)}
          onHelp={() => setOpen("keys")}
        />
      )}
      <Suspense>
        {open === "more" && current !== undefined && (
          <MoreSheet video={current} rate={rate} onRate={setRate} onClose={() => setOpen(null)} />
        )}
        {open === "keys" && <KeysSheet page="feed" onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

interface FeedEndProps extends Omit<FeedListProps, "videos"> {
  isAtEnd: boolean;
  onFirst: () => void;
}

/** The last card: why the feed ends here, with the way on. */
function FeedEnd({ hasMore, isFetching, error, isAtEnd, onMore, onFirst }: FeedEndProps) {
  const { t } = useTranslation();
  return (
    <>
      {hasMore && error !== null && (
        <div className="feed-card grid! place-items-center" inert={!isAtEnd}>
          <ErrorState error={error} isRetrying={isFetching} onRetry={onMore} />
        </div>
      )}
      {!hasMore && (
        <div className="feed-card grid! place-items-center" inert={!isAtEnd}>
          <State drawing={<ReelDrawing />} title={t("feed.end.title")} text={t("feed.end.text")}>
            <Button look="main" onPress={onFirst}>
              {t("feed.end.action")}
            </Button>
          </State>
        </div>
      )}
    </>
  );
}

interface StepButtonsProps {
  isAtStart: boolean;
  isAtEnd: boolean;
  onStep: (step: -1 | 1) => void;
}

/** Buttons to the videos before and after, where there is room beside the feed. */
function StepButtons({ isAtStart, isAtEnd, onStep }: StepButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className="fixed end-4 bottom-1/2 hidden translate-y-1/2 flex-col gap-3 text-white lg:flex">
      <IconButton
        label={t("feed.previous")}
        isDisabled={isAtStart}
        onPress={() => onStep(-1)}
        className="size-12! bg-white/12 hover:bg-white/22"
      >
        <ChevronUp size={26} aria-hidden />
      </IconButton>
      <IconButton
        label={t("feed.next")}
        isDisabled={isAtEnd}
        onPress={() => onStep(1)}
        className="size-12! bg-white/12 hover:bg-white/22"
      >
        <ChevronDown size={26} aria-hidden />
      </IconButton>
    </div>
  );
}

const startOf = (videos: readonly FeedVideo[]): number => {
  const id = Number(sessionStorage.getItem(placeKey));
  return Math.max(
    0,
    videos.findIndex((video) => video.id === id),
  );
};

interface KeysProps {
  video: FeedVideo;
  list: React.RefObject<HTMLDivElement | null>;
  isOff: boolean;
  onStep: (step: -1 | 1) => void;
  onPause: () => void;
  onMute: () => void;
  onHelp: () => void;
}

/** The keys of the watched video. A component, because liking belongs to one video. */
function Keys({ video, list, isOff, onStep, onPause, onMute, onHelp }: KeysProps) {
  const like = useLike(video);
  useFeedKeys(isOff, {
    onStep,
    onPause,
    onMute,
    onHelp,
    onLike: () => like(),
    onSeek: (seconds) => {
      const player = list.current?.querySelector<HTMLVideoElement>("article:not([inert]) video");
      if (player != null) player.currentTime = Math.max(0, player.currentTime + seconds);
    },
  });
  return null;
}
