import { Play, RotateCcw } from "lucide-react";
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { formatDuration } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { PictureSpinner } from "#base/ui/states/picture-spinner.tsx";
import { Ambient } from "./ambient.tsx";
import { chapterAt } from "./chapters.ts";
import { Bars, type PlayerPage } from "./controls/bars.tsx";
import { EndScreen } from "./controls/end-screen.tsx";
import { DanmakuLayer } from "./danmaku/layer.tsx";
import { prefer, usePreferences } from "./danmaku/preferences.ts";
import { useMediaSession } from "./media-session.ts";
import { setMini } from "./mini/mini.ts";
import type { Source } from "./report-play.ts";
import { useEvenLoudness } from "./sound/use-even-loudness.ts";
import { Waveform } from "./sound/waveform.tsx";
import type { Next } from "./use-next.ts";
import { usePlayerFrame } from "./use-player-frame.ts";
import { usePlayerKeys } from "./use-player-keys.ts";
import { type Player as PlayerState, usePlayer } from "./use-player.ts";

interface PlayerProps {
  video: Video;
  /** Width over height. */
  ratio: number;
  /** The place where the viewer found it. */
  source: Source;
  /** The position of its start; the last one of the viewer when left out. */
  startS?: number;
  onLike: () => void;
  onHelp: () => void;
  /** Given the way to go to a moment. */
  seek: RefObject<((seconds: number) => void) | null>;
  /** Holds the position of the film. */
  time: RefObject<number>;
  /** Another chapter plays now. */
  onChapter: (place: number) => void;
  /** Given the element that plays, and null when it goes; the same function all the time. */
  onElement?: (element: HTMLVideoElement | null) => void;
  /** Controls of the page around it; none for an embedded player. */
  page?: PlayerPage;
}

/** The player of the watch page, in the video's own shape, with the light it throws around it. */
export function Player(props: PlayerProps) {
  const { video, ratio, startS, source, onLike, onHelp, seek, time, onChapter, onElement, page } = props;
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const next = page?.next;
  const [player, hasEnded] = usePlayerWithEnd(element, video, startS, source, next);
  useMediaSession(video, player, next === undefined || next.video === null ? null : next.go);
  useCorner(video, player, page !== undefined && !hasEnded);
  const frame = usePlayerFrame(element, player.isPlaying);
  const { region, showControls, isFullscreen, toggleFullscreen, togglePip, wake, isPinned, setPinned } = frame;
  const { isOn: isDanmakuOn } = usePreferences();
  const [isEven, setEven] = useEvenLoudness(element, video.gain_db);
  const chapter = chapterAt(video.chapters, player.timeS);
  useEffect(() => onChapter(chapter), [chapter, onChapter]);
  useImperativeHandle(seek, () => player.seek);
  useGiven(element, onElement);
  time.current = player.timeS;

  usePlayerKeys(player, {
    onLike,
    onHelp,
    onFullscreen: toggleFullscreen,
    onPip: togglePip,
    onMini: page?.onMini,
    onDanmaku: () => prefer({ isOn: !isDanmakuOn }),
    onUse: wake,
  });

  return (
    <section
      {...frame.attributes}
      aria-label={t("player.region")}
      data-controls={showControls ? "" : undefined}
      className={`player relative flex justify-center overflow-hidden bg-black text-white ${showControls ? "" : "cursor-none"}`}
      onPointerDownCapture={({ target }) => target === element.current || wake()}
    >
      {!isFullscreen && (
        <Ambient
          thumb={video.thumb}
          coverUrl={video.cover_url}
          video={element}
          isLive
          className="absolute inset-0 size-full opacity-40"
        />
      )}
      <div className="player-frame relative" style={{ "--ratio": ratio }}>
        <Picture
          {...{ video, element, player, hasEnded }}
          onTap={(isMouse) => {
            // A finger's first tap shows the controls; with a mouse they are there already.
            if (isMouse || showControls) player.toggle();
            wake();
          }}
          onDoubleClick={toggleFullscreen}
        />
      </div>
      <Resumed player={player} />
      {hasEnded && next !== undefined && <EndScreen next={next} isHeld={isPinned} onReplay={() => again(player)} />}
      <Bars
        {...{ video, player, page, region, isFullscreen }}
        timeS={time}
        evenness={video.gain_db === 0 ? null : { isEven, change: setEven }}
        isShown={showControls}
        onFullscreen={toggleFullscreen}
        onPip={togglePip}
        onPinned={setPinned}
      />
    </section>
  );
}

/** The player, and whether it is at its end, where what comes next is offered. */
function usePlayerWithEnd(
  element: RefObject<HTMLVideoElement | null>,
  video: Video,
  startS: number | undefined,
  source: Source,
  next: Next | undefined,
): [player: PlayerState, hasEnded: boolean] {
  const [hasEnded, setEnded] = useState(false);
  const player = usePlayer(element, video, startS, source, () => {
    if (next?.isInstant === true && next.video !== null) next.go();
    else setEnded(next !== undefined);
  });
  useEffect(() => {
    if (player.isPlaying) setEnded(false);
  }, [player.isPlaying]);
  return [player, hasEnded];
}

/** Gives the element away while it is there. */
function useGiven(element: RefObject<HTMLVideoElement | null>, onElement: PlayerProps["onElement"]): void {
  useEffect(() => {
    onElement?.(element.current);
    return () => onElement?.(null);
  }, [element, onElement]);
}

function again(player: PlayerState): void {
  player.seek(0);
  player.toggle();
}

interface PictureProps {
  video: Video;
  element: RefObject<HTMLVideoElement | null>;
  player: PlayerState;
  hasEnded: boolean;
  onTap: (isMouse: boolean) => void;
  onDoubleClick: () => void;
}

/** The film with what flies over it, and the signs of its state. */
function Picture({ video, element, player, hasEnded, onTap, onDoubleClick }: PictureProps) {
  return (
    <>
      {video.cover_url !== "" && !player.isPlaying && player.timeS === 0 && (
        <img src={video.cover_url} alt="" className="absolute inset-0 size-full object-contain" />
      )}
      <video
        ref={element}
        playsInline
        preload="auto"
        tabIndex={-1}
        className="absolute inset-0 size-full object-contain"
        onPointerUp={(event) => onTap(event.pointerType === "mouse")}
        onDoubleClick={onDoubleClick}
      />
      <DanmakuLayer videoId={video.id} video={element} timeS={player.timeS} />
      {video.width === 0 && video.waveform_url !== null && !player.hasFailed && (
        <Waveform url={video.waveform_url} player={player} />
      )}
      <Signs player={player} hasEnded={hasEnded} />
    </>
  );
}

/** A video that plays when its page is left goes on in the corner. */
function useCorner(video: Video, player: PlayerState, isOn: boolean): void {
  const latest = useRef({ video, player, isOn });
  latest.current = { video, player, isOn };
  useEffect(
    () => () => {
      const { video, player, isOn } = latest.current;
      // Another watch page has a player of its own.
      if (location.pathname.startsWith("/watch/")) return;
      if (isOn && player.isPlaying && !player.hasFailed) setMini({ video, atS: player.timeS });
    },
    [],
  );
}

type PlayerProp = { player: PlayerState };

/** Over the picture: that it loads, is paused, or failed. */
function Signs({ player, hasEnded }: PlayerProp & { hasEnded: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {player.isWaiting && !player.hasFailed && <PictureSpinner />}
      {!player.isPlaying && !player.isWaiting && !player.hasFailed && !hasEnded && (
        <span className="pointer-events-none absolute inset-0 m-auto grid size-18 place-items-center rounded-full bg-black/50">
          <Play size={32} fill="currentColor" aria-hidden className="translate-x-0.5" />
        </span>
      )}
      {player.hasFailed && (
        <div
          role="alert"
          className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-black/80 p-4 text-center"
        >
          <p className="text-base font-semibold">{t("player.failed.title")}</p>
          <p className="max-w-sm text-white/85">{t("player.failed.text")}</p>
          <Button look="main" onPress={player.retry}>
            {t("action.retry")}
          </Button>
        </div>
      )}
    </>
  );
}

/** For its first seconds: that it went on where it was left, and the way to its beginning. */
function Resumed({ player }: PlayerProp) {
  const { t } = useTranslation();
  if (player.resumedAtS <= 0 || player.timeS >= player.resumedAtS + 6 || player.hasFailed) return null;
  return (
    <div className="player-resumed animate-rise absolute start-3 flex items-center gap-1 rounded-full bg-black/70 ps-4 text-sm">
      {t("player.resumed", { time: formatDuration(player.resumedAtS) })}
      <Button
        look="ghost"
        className="gap-1.5! rounded-full! text-white! hover:bg-white/15!"
        onPress={() => player.seek(0)}
      >
        <RotateCcw size={14} aria-hidden />
        {t("player.restart")}
      </Button>
    </div>
  );
}
