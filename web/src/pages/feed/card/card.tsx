import { Heart, Pause, Play } from "lucide-react";
import { type MouseEvent, memo, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FeedVideo as FeedItem } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { useLike } from "#base/ui/videos/use-video-actions.ts";
import { Ambient } from "#parts/player/ambient.tsx";
import type { Source } from "#parts/player/report-play.ts";
import { Caption } from "./caption.tsx";
import { FeedVideo } from "./feed-video.tsx";
import { Rail } from "./rail.tsx";

interface CardProps {
  video: FeedItem;
  source: Source;
  /** The feed is made for its viewer, and says why each video is in it. */
  hasReason: boolean;
  place: number;
  isActive: boolean;
  /** Near enough to the screen to be drawn at all. */
  isNear: boolean;
  /** Has one of the living players. */
  isAlive: boolean;
  isPaused: boolean;
  isMuted: boolean;
  rate: number;
  /** Its first frame is there, or will never be. */
  onPicture: () => void;
  onPause: (isPaused: boolean) => void;
  onMute: (isMuted: boolean) => void;
  onComments: () => void;
  onMore: () => void;
}

/** Taller than this the video fills a phone's screen; wider ones keep their whole picture. */
const tallRatio = 0.65;
const secondTapMs = 260;

export const Card = memo(function Card(props: CardProps) {
  const { video, place, isActive, isNear } = props;
  const titleId = useId();
  const ratio = video.width > 0 && video.height > 0 ? video.width / video.height : 9 / 16;
  return (
    <article
      className="feed-card"
      data-theme="dark"
      aria-labelledby={titleId}
      aria-posinset={place + 1}
      aria-setsize={-1}
      inert={!isActive}
      aria-hidden={!isActive}
      style={{ "--ratio": ratio }}
    >
      {isNear && <CardContent {...props} titleId={titleId} ratio={ratio} />}
    </article>
  );
});

function CardContent({
  video,
  source,
  hasReason,
  titleId,
  ratio,
  isActive,
  isAlive,
  isPaused,
  isMuted,
  rate,
  onPicture,
  onPause,
  onMute,
  onComments,
  onMore,
}: CardProps & { titleId: string; ratio: number }) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const progress = useRef<HTMLDivElement>(null);
  const captions = useRef<HTMLDivElement>(null);
  const [hasFailed, setFailed] = useState(false);
  const [bursts, setBursts] = useState<readonly Burst[]>([]);
  const taps = useTaps({
    onTap: () => onPause(!isPaused),
    onDoubleTap: (burst) => {
      like(true);
      setBursts((previous) => [...previous.slice(-4), burst]);
    },
  });
  const like = useLike(video);
  const fit = ratio <= tallRatio ? "cover" : "contain";
  const fitClass = fit === "cover" ? "object-cover" : "object-contain";
  return (
    <>
      <Ambient
        thumb={video.thumb}
        coverUrl={video.cover_url}
        video={element}
        isLive={isActive}
        className="absolute inset-0 size-full opacity-45 sm:opacity-20"
      />
      <section className="feed-stage" aria-label={t("player.region")}>
        {video.cover_url !== "" && (
          <img src={video.cover_url} alt="" className={`absolute inset-0 size-full ${fitClass} sm:object-cover`} />
        )}
        {isAlive && !hasFailed && (
          <FeedVideo
            {...{ video, source, element, progress, captions, isActive, isPaused, isMuted, rate, fit }}
            onBlocked={() => onMute(true)}
            onPicture={onPicture}
            onFailed={() => {
              setFailed(true);
              onPicture();
            }}
          />
        )}
        <div className="absolute inset-0" onClick={taps} aria-hidden />
        <div className="pointer-events-none absolute inset-x-0 top-0 h-30 bg-linear-to-b from-black/55 to-transparent" />
        <div className="feed-words pointer-events-none absolute inset-x-0 bottom-0 h-[46%] bg-linear-to-t from-black/78 via-black/32 via-60% to-transparent" />
        <StageControls {...{ hasFailed, isActive, isPaused, onPause }} />
        <div className="pointer-events-none absolute inset-x-0 bottom-0 flex max-h-[calc(100cqh-3.5rem)] flex-col ps-4 pe-19 pb-4 sm:pe-4">
          <div ref={captions} className="min-h-0 overflow-hidden" />
          <div className="feed-words shrink-0">
            <Caption {...{ video, titleId, hasReason }} />
          </div>
        </div>
        <div className="absolute inset-x-0 bottom-0 h-0.5 bg-white/25">
          <div
            ref={progress}
            className="size-full origin-left scale-x-0 bg-white transition-[scale] duration-250 ease-linear"
          />
        </div>
        <Bursts bursts={bursts} onEnd={(burst) => setBursts((all) => all.filter((each) => each !== burst))} />
      </section>
      <Rail {...{ video, onComments, onMore }} />
    </>
  );
}

type StageControlsProps = { hasFailed: boolean } & Pick<CardProps, "isActive" | "isPaused" | "onPause">;

/** The overlay of the picture: failure and pause, with the button for keyboards. */
function StageControls({ hasFailed, isActive, isPaused, onPause }: StageControlsProps) {
  const { t } = useTranslation();
  return (
    <>
      {hasFailed && (
        <p
          role="alert"
          className="absolute inset-x-6 top-1/2 -translate-y-1/2 rounded-lg bg-black/75 p-4 text-center text-white"
        >
          {t("feed.problem")}
        </p>
      )}
      {isActive && isPaused && !hasFailed && (
        <span className="animate-rise pointer-events-none absolute inset-0 m-auto grid size-20 place-items-center rounded-full bg-black/50 text-white">
          <Play size={36} fill="currentColor" aria-hidden className="translate-x-0.5" />
        </span>
      )}
      <IconButton
        label={isPaused ? t("feed.play") : t("feed.pause")}
        onPress={() => onPause(!isPaused)}
        className="sr-only bg-black/60 text-white focus:not-sr-only focus:absolute! focus:end-3 focus:top-14"
      >
        {isPaused ? (
          <Play size={20} fill="currentColor" aria-hidden />
        ) : (
          <Pause size={20} fill="currentColor" aria-hidden />
        )}
      </IconButton>
    </>
  );
}

interface Burst {
  key: number;
  x: number;
  y: number;
}

/** A heart where a double tap liked the video. */
function Bursts({ bursts, onEnd }: { bursts: readonly Burst[]; onEnd: (burst: Burst) => void }) {
  return bursts.map((burst) => (
    <span
      key={burst.key}
      className="pointer-events-none absolute"
      style={{ left: burst.x, top: burst.y }}
      onAnimationEnd={() => onEnd(burst)}
    >
      <Heart size={96} aria-hidden className="animate-burst fill-accent text-accent absolute drop-shadow-lg" />
    </span>
  ));
}

interface Taps {
  onTap: () => void;
  onDoubleTap: (at: Burst) => void;
}

/** Distinguishes one tap from two. */
function useTaps({ onTap, onDoubleTap }: Taps) {
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; atMs: number } | null>(null);
  return (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const nowMs = performance.now();
    const first = waiting.current;
    if (first !== null && nowMs - first.atMs < secondTapMs) {
      clearTimeout(first.timer);
      // A third tap is another like, not a pause.
      waiting.current = { timer: setTimeout(() => undefined), atMs: nowMs };
      onDoubleTap({ key: nowMs, x: event.clientX - box.left, y: event.clientY - box.top });
      return;
    }
    waiting.current = { timer: setTimeout(onTap, secondTapMs), atMs: nowMs };
  };
}
