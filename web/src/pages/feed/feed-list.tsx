import { ChevronDown, ChevronUp } from "lucide-react";
import { startTransition, useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FeedName, useHasSession } from "#base/api/queries.ts";
import type { FeedVideo } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { lazyFrame, lazyPart, lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { Card } from "./card/card.tsx";
import { FeedKeys, type FeedKeysProps } from "./feed-keys.tsx";
import { FeedTabs } from "./feed-tabs.tsx";
import { placeKey } from "./place.ts";
import { seekIn } from "./seek.ts";
import { useFeedScroll } from "./use-feed-scroll.ts";
import { playersAt } from "./window.ts";

const CommentsPanel = lazySheet(() => import("#parts/comments/comments-panel.tsx"), "CommentsPanel");
const FeedFinish = lazyPart(() => import("./feed-finish.tsx"), "FeedFinish");
const LivePill = lazyFrame(() => import("#parts/live/live-pill.tsx"), "LivePill", { texts: ["live"] });
const MoreSheet = lazySheet(() => import("./card/more-sheet.tsx"), "MoreSheet");
const KeysSheet = lazySheet(() => import("#base/ui/sheets/keys-sheet.tsx"), "KeysSheet");

interface FeedListProps {
  name: FeedName;
  videos: readonly FeedVideo[];
  hasMore: boolean;
  isFetching: boolean;
  /** Why the next page did not come; `null` when nothing is wrong. It is asked for again only by hand. */
  error: Error | null;
  onMore: () => void;
}

/** Sound needs a gesture of the viewer in this document; it holds until the document goes. */
let wantsSound = false;

export function FeedList({ name, videos, hasMore, isFetching, error, onMore }: FeedListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const [start] = useState(() => startOf(name, videos));
  const { active, visible, isAtEnd, go, step } = useFeedScroll(list, videos.length, start);
  const [isPaused, setPaused] = useState(false);
  const [isMuted, setMuted] = useState(!wantsSound);
  const [rate, setRate] = useState(1);
  const [open, setOpen] = useState<Opened>(null);
  const [hasComments, setComments] = useState(false);
  const current = videos[active];
  // Known before the server has said who the viewer is, so that no line comes later.
  const hasReason = useHasSession() && name === "for-you";
  // The first video has the line and the processor to itself; its neighbours follow when it shows a picture.
  const [hasPicture, setPicture] = useState(false);
  // Making a card and its player takes many frames of a swipe: the neighbours come in slices, after the watched one.
  const near = useDeferredValue(active);
  const around = useDeferredValue(visible);
  const players = new Set(hasPicture ? playersAt(around, videos.length) : [active]);

  const mute = (next: boolean) => {
    wantsSound = !next;
    setMuted(next);
  };
  useEffect(() => {
    setPaused(false);
    if (current !== undefined) sessionStorage.setItem(placeKey(name), String(current.id));
  }, [current?.id]);
  const needsMore = hasMore && !isFetching && error === null && active >= videos.length - 4;
  useEffect(() => {
    if (needsMore) onMore();
  }, [needsMore, onMore]);
  useLayoutEffect(() => {
    if (start > 0) go(start, "instant");
  }, []);
  useLayoutEffect(() => moveFocus(list.current), [active]);

  return (
    <>
      <div className="feed-main" {...(hasComments && { "data-comments": "" })}>
        <FeedTabs current={name} isMuted={isMuted} onMute={mute} />
        {hasPicture && <LivePill />}
        <div ref={list} className="feed" role="feed" aria-busy={isFetching} aria-label={t("feed.title")} tabIndex={-1}>
          {videos.map((video, index) => (
            <Card
              key={video.id}
              {...{ video, rate, isMuted }}
              source={name === "following" ? "following" : "feed"}
              hasReason={hasReason}
              place={index}
              isActive={index === active && !isAtEnd}
              isNear={Math.abs(index - near) <= (hasPicture ? 2 : 0)}
              isAlive={players.has(index)}
              isPaused={isPaused || isAtEnd}
              onPicture={() => startTransition(() => setPicture(true))}
              onPause={setPaused}
              onMute={mute}
              onComments={() => setComments(!hasComments)}
              onMore={() => setOpen("more")}
            />
          ))}
          <FeedEnd {...{ name, hasMore, isFetching, error, isAtEnd, onMore }} onFirst={() => go(0)} />
        </div>
        <StepButtons isAtStart={active === 0} isAtEnd={isAtEnd} onStep={step} />
      </div>
      {current !== undefined && (
        <Beside
          video={current}
          {...{ list, rate, open, hasComments }}
          onRate={setRate}
          onOpen={setOpen}
          onComments={setComments}
          onStep={step}
          onPause={() => setPaused(!isPaused)}
          onMute={() => mute(!isMuted)}
        />
      )}
    </>
  );
}

/** A keyboard stays at the control it was at, on the card that is watched now: the one before cannot be focused any more. */
function moveFocus(list: HTMLElement | null): void {
  const focused = document.activeElement;
  if (list === null || focused === null || focused.closest("[inert]")?.parentElement !== list) return;
  const same = `article:not([inert]) [aria-label="${focused.ariaLabel}"]`;
  (list.querySelector<HTMLElement>(same) ?? list).focus({ preventScroll: true });
}

type Opened = "more" | "keys" | null;

interface BesideProps extends Pick<FeedKeysProps, "video" | "list" | "onStep" | "onPause" | "onMute"> {
  rate: number;
  open: Opened;
  hasComments: boolean;
  onRate: (rate: number) => void;
  onOpen: (open: Opened) => void;
  onComments: (hasComments: boolean) => void;
}

/** The parts of the watched video: its keys, its comments and its sheets. */
function Beside({ rate, open, hasComments, onRate, onOpen, onComments, ...keys }: BesideProps) {
  const { video, list } = keys;
  return (
    <>
      <FeedKeys
        {...keys}
        isOff={open !== null}
        onComments={() => onComments(!hasComments)}
        onHelp={() => onOpen("keys")}
      />
      {hasComments && (
        <CommentsPanel
          video={video}
          onSeek={(seconds) => seekIn(list, () => seconds)}
          onClose={() => onComments(false)}
        />
      )}
      {open === "more" && <MoreSheet video={video} rate={rate} onRate={onRate} onClose={() => onOpen(null)} />}
      {open === "keys" && <KeysSheet page="feed" onClose={() => onOpen(null)} />}
    </>
  );
}

interface FeedEndProps extends Omit<FeedListProps, "videos"> {
  isAtEnd: boolean;
  onFirst: () => void;
}

/** The last card: why the feed ends here, with the way on. */
function FeedEnd({ name, hasMore, isFetching, error, isAtEnd, onMore, onFirst }: FeedEndProps) {
  return (
    <>
      {hasMore && error !== null && (
        <div className="feed-card grid! place-items-center" inert={!isAtEnd}>
          <ErrorState error={error} isRetrying={isFetching} onRetry={onMore} />
        </div>
      )}
      {!hasMore && (
        <div className="feed-card grid! place-items-center" inert={!isAtEnd}>
          {isAtEnd && <FeedFinish name={name} onFirst={onFirst} />}
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
    <div className="absolute end-4 bottom-1/2 z-10 hidden translate-y-1/2 flex-col gap-3 text-white lg:flex">
      <IconButton
        label={t("feed.previous")}
        isDisabled={isAtStart}
        onPress={() => onStep(-1)}
        className="size-10! bg-raised hover:bg-strong"
      >
        <ChevronUp size={20} aria-hidden />
      </IconButton>
      <IconButton
        label={t("feed.next")}
        isDisabled={isAtEnd}
        onPress={() => onStep(1)}
        className="size-10! bg-raised hover:bg-strong"
      >
        <ChevronDown size={20} aria-hidden />
      </IconButton>
    </div>
  );
}

const startOf = (name: FeedName, videos: readonly FeedVideo[]): number => {
  const id = Number(sessionStorage.getItem(placeKey(name)));
  return Math.max(
    0,
    videos.findIndex((video) => video.id === id),
  );
};
