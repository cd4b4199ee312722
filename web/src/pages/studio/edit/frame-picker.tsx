import { useQuery } from "@tanstack/react-query";
import { Camera, ChevronLeft, ChevronRight, Film } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { formatDuration } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { LeftToRight } from "#base/ui/left-to-right.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { attach } from "#parts/player/engine/engine.ts";
import { storyboardQuery, type Tile } from "#parts/player/storyboard.ts";
import { pictureOf } from "#parts/upload/transfer/frame.ts";

interface FramePickerProps {
  video: Video;
  isDisabled: boolean;
  /** The frame as a picture. */
  onFrame: (picture: File) => void;
}

/** Opens the film beside the form, to take one of its frames. */
export function FramePicker({ video, isDisabled, onFrame }: FramePickerProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (video.status !== 1 || video.width === 0) return null;
  if (!isOpen)
    return (
      <Button isDisabled={isDisabled} onPress={() => setOpen(true)}>
        <Film size={18} aria-hidden />
        {t("my.frame.open")}
      </Button>
    );
  return (
    <Frames
      key={video.hls_url}
      video={video}
      isDisabled={isDisabled}
      onFrame={(picture) => {
        onFrame(picture);
        setOpen(false);
      }}
    />
  );
}

/** A step of the arrows beside the bar; a frame at the usual 25 a second. */
const stepS = 0.04;
const suggestionsMax = 6;

function Frames({ video, isDisabled, onFrame }: FramePickerProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const [atS, setAtS] = useState(0);
  const [isReady, setReady] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const { data: tiles = [] } = useQuery(storyboardQuery(video.hls_url));

  useEffect(() => {
    const player = element.current;
    if (player === null) return;
    const engine = attach(player, video.hls_url, {
      bufferS: 4,
      // Largest first: a cover is looked at for longer than a frame of a film.
      onQualities: ([best]) => best && engine.chooseQuality(best.index),
      onFatal: () => setFailed(true),
    });
    return () => engine.stop();
  }, [video.hls_url]);

  const seek = (seconds: number) => {
    const player = element.current;
    if (player === null) return;
    const there = Math.min(Math.max(0, seconds), Math.max(0, video.duration - stepS));
    setReady(false);
    setAtS(there);
    player.currentTime = there;
  };
  const take = async () => {
    const picture = element.current === null ? null : await pictureOf(element.current);
    if (picture === null) setFailed(true);
    else onFrame(picture);
  };
  return (
    <div className="flex w-full flex-col gap-2 rounded-xl bg-raised p-3">
      <video
        ref={element}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        aria-label={t("my.frame.shown", { time: formatDuration(atS) })}
        className="max-h-72 w-full rounded-lg bg-black object-contain"
        style={{ aspectRatio: `${video.width} / ${video.height}` }}
        onLoadedData={() => setReady(true)}
        onSeeked={() => setReady(true)}
      />
      <FrameBar atS={atS} durationS={video.duration} onSeek={seek} />
      <Suggestions tiles={tiles} onPick={seek} />
      {hasFailed && <Problem>{t("my.frame.failed")}</Problem>}
      <Button isDisabled={!isReady || isDisabled} className="bg-line!" onPress={() => void take()}>
        <Camera size={18} aria-hidden />
        {t("my.frame.use")}
      </Button>
    </div>
  );
}

interface FrameBarProps {
  atS: number;
  durationS: number;
  onSeek: (seconds: number) => void;
}

/** Goes through the film, in steps of a frame or by dragging. */
function FrameBar({ atS, durationS, onSeek }: FrameBarProps) {
  const { t } = useTranslation();
  return (
    <LeftToRight>
      <div className="flex items-center gap-1">
        <IconButton label={t("my.frame.back")} className="hover:bg-line" onPress={() => onSeek(atS - stepS)}>
          <ChevronLeft size={20} aria-hidden />
        </IconButton>
        <Slider
          aria-label={t("my.frame.place")}
          className="min-w-0 flex-1"
          minValue={0}
          maxValue={Math.max(durationS, stepS)}
          step={stepS}
          value={atS}
          onChange={onSeek}
        >
          <SliderTrack className="flex h-11 cursor-pointer items-center">
            <div className="h-1.5 w-full overflow-hidden rounded-full bg-line">
              <div className="h-full bg-accent" style={{ width: `${(100 * atS) / Math.max(durationS, stepS)}%` }} />
            </div>
            <SliderThumb className="top-1/2 size-4 rounded-full bg-accent data-[focus-visible]:outline-2" />
          </SliderTrack>
        </Slider>
        <IconButton label={t("my.frame.forth")} className="hover:bg-line" onPress={() => onSeek(atS + stepS)}>
          <ChevronRight size={20} aria-hidden />
        </IconButton>
        <span className="tabular text-sm">{formatDuration(atS)}</span>
      </div>
    </LeftToRight>
  );
}

/** Places all over the film, as they look. */
function Suggestions({ tiles, onPick }: { tiles: readonly Tile[]; onPick: (seconds: number) => void }) {
  const { t } = useTranslation();
  const count = Math.min(suggestionsMax, tiles.length);
  const chosen = Array.from({ length: count }, (_, n) => tiles[Math.floor(((n + 0.5) * tiles.length) / count)]);
  if (count < 2) return null;
  return (
    <ul className="flex gap-1.5 overflow-x-auto pb-1" aria-label={t("my.frame.suggestions")}>
      {chosen.map(
        (tile) =>
          tile && (
            <li key={tile.fromS} className="shrink-0">
              <button
                type="button"
                aria-label={t("my.frame.at", { time: formatDuration(tile.fromS) })}
                className="block rounded-md hover:opacity-80"
                style={{
                  width: tile.width,
                  height: tile.height,
                  backgroundImage: `url("${tile.url}")`,
                  backgroundPosition: `-${tile.x}px -${tile.y}px`,
                }}
                onClick={() => onPick(tile.fromS)}
              />
            </li>
          ),
      )}
    </ul>
  );
}
