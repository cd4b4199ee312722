import { Heart, Pause, Play, VolumeX } from "lucide-react";
import { type MouseEvent, memo, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FeedVideo as FeedItem } from "../api/types.ts";
import { Ambient } from "../player/ambient.tsx";
import { IconButton } from "../ui/button.tsx";
import { useLike } from "../ui/use-video-actions.ts";
import { Caption } from "./caption.tsx";
import { FeedVideo } from "./feed-video.tsx";
import { Rail } from "./rail.tsx";

interface CardProps {
  video: FeedItem;
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
  onMore,
}: CardProps & { titleId: string; ratio: number }) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const progress = useRef<HTMLDivElement>(null);
  const [hasFailed, setFailed] = useState(false);
  const [bursts, setBursts] = useState<readonly Burst[]>([]);
  const taps = useTaps({
    onTap: () => (isMuted ? onMute(false) : onPause(!isPaused)),
    isInstant: isMuted,
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
        coverUrl={video.cover_url}
        video={element}
        isLive={isActive}
        className="absolute inset-0 size-full opacity-45"
      />
      <section className="feed-stage" aria-label={t("player.region")}>
        {video.cover_url !== "" && (
          <img src={video.cover_url} alt="" className={`absolute inset-0 size-full ${fitClass} sm:object-cover`} />
        )}
        {isAlive && !hasFailed && (
          <FeedVideo
            {...{ video, element, progress, isActive, isPaused, isMuted, rate, fit }}
            onBlocked={() => onMute(true)}
            onPicture={onPicture}
            onFailed={() => {
              setFailed(true);
              onPicture();
            }}
          />
        )}
        <div className="absolute inset-0" onClick={taps} aria-hidden />
        <div className="pointer-events-none absolute inset-x-0 bottom-0 h-2/5 bg-linear-to-t from-black/80 to-transparent" />
        <StageControls {...{ hasFailed, isActive, isPaused, isMuted, onPause, onMute }} />
        <div className="pointer-events-none absolute inset-x-0 bottom-0 pe-18 pb-4 ps-4 sm:pe-5 sm:ps-5">
          <Caption video={video} titleId={titleId} />
        </div>
        <div className="absolute inset-x-0 bottom-0 h-0.75 bg-white/25">
          <div
            ref={progress}
            className="size-full origin-left scale-x-0 bg-white transition-[scale] duration-250 ease-linear"
          />
        </div>
        {bursts.map((burst) => (
          <span
            key={burst.key}
            className="pointer-events-none absolute"
            style={{ left: burst.x, top: burst.y }}
            onAnimationEnd={() => setBursts((previous) => previous.filter((other) => other !== burst))}
          >
            <Heart size={96} aria-hidden className="animate-burst fill-accent text-accent absolute drop-shadow-lg" />
          </span>
        ))}
      </section>
      <Rail video={video} isMuted={isMuted} onMute={() => onMute(!isMuted)} onMore={onMore} />
    </>
  );
}

type StageControlsProps = { hasFailed: boolean } & Pick<
  CardProps,
  "isActive" | "isPaused" | "isMuted" | "onPause" | "onMute"
>;

/** The overlay of the picture: failure, pause and mute, with their buttons. */
function StageControls({ hasFailed, isActive, isPaused, isMuted, onPause, onMute }: StageControlsProps) {
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
      {isMuted && isActive && !hasFailed && (
        <button
          type="button"
          onClick={() => onMute(false)}
          className="animate-rise absolute top-[calc(3.75rem+env(safe-area-inset-top))] inset-x-0 mx-auto flex min-h-11 w-fit items-center gap-2 rounded-full bg-black/60 px-4 text-sm font-semibold whitespace-nowrap text-white sm:top-4"
        >
          <VolumeX size={18} aria-hidden />
          {t("feed.unmute")}
        </button>
      )}
      <IconButton
        label={isPaused ? t("feed.play") : t("feed.pause")}
        onPress={() => onPause(!isPaused)}
        className="absolute! top-3 end-3 bg-black/45 text-white hover:bg-black/65 max-sm:sr-only"
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

interface Taps {
  onTap: () => void;
  /** The first tap acts immediately instead of waiting for a second one. */
  isInstant: boolean;
  onDoubleTap: (at: Burst) => void;
}

/** Distinguishes one tap from two. */
function useTaps({ onTap, isInstant, onDoubleTap }: Taps) {
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
    if (isInstant) onTap();
    waiting.current = { timer: setTimeout(isInstant ? () => undefined : onTap, secondTapMs), atMs: nowMs };
  };
}
