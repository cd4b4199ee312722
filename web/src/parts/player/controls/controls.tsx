import {
  Captions,
  Maximize,
  Minimize,
  Minimize2,
  Pause,
  PictureInPicture2,
  Play,
  RectangleHorizontal,
  SkipForward,
  Volume1,
  Volume2,
  VolumeX,
} from "lucide-react";
import type { ReactNode } from "react";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { useTranslation } from "react-i18next";
import { formatDuration, formatLength } from "#base/format/format.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { LeftToRight } from "#base/ui/left-to-right.tsx";
import { type Chapter, chapterAt } from "../chapters.ts";
import { type Player, toggleCaptions } from "../use-player.ts";
import { ControlBar } from "./control-bar.tsx";
import { SeekBar } from "./seek-bar.tsx";

interface ControlsProps {
  player: Player;
  hlsUrl: string;
  chapters: readonly Chapter[];
  isShown: boolean;
  isFullscreen: boolean;
  /** The menu of the player, where it is here. */
  settings: ReactNode;
  onFullscreen: () => void;
  onPip: () => void;
  onNext: (() => void) | undefined;
  onTheatre: (() => void) | undefined;
  onMini: (() => void) | undefined;
}

const plain = "hover:bg-white/20";

/** The bar over the lower edge of the player. */
export function Controls({
  player,
  hlsUrl,
  chapters,
  isShown,
  isFullscreen,
  settings,
  onFullscreen,
  onPip,
  onNext,
  onTheatre,
  onMini,
}: ControlsProps) {
  const { t } = useTranslation();
  return (
    <ControlBar isShown={isShown} dir="ltr" seekBar={<SeekBar player={player} hlsUrl={hlsUrl} chapters={chapters} />}>
      <PlayButton player={player} />
      {onNext !== undefined && (
        <IconButton label={t("player.next")} onPress={onNext} className={`${plain} max-sm:hidden`}>
          <SkipForward size={21} fill="currentColor" aria-hidden />
        </IconButton>
      )}
      <Volume player={player} />
      <span className="tabular px-1 text-sm whitespace-nowrap">
        {formatDuration(player.timeS)} <span className="text-white/80">/ {formatLength(player.durationS)}</span>
      </span>
      <span className="min-w-0 flex-1 truncate px-1 text-sm max-sm:invisible">
        {chapters[chapterAt(chapters, player.timeS)]?.title}
      </span>
      <CaptionsButton player={player} />
      {settings}
      <Shapes {...{ isFullscreen, onFullscreen, onPip, onTheatre, onMini }} />
    </ControlBar>
  );
}

export function PlayButton({ player: { isPlaying, toggle } }: { player: Pick<Player, "isPlaying" | "toggle"> }) {
  const { t } = useTranslation();
  const Icon = isPlaying ? Pause : Play;
  return (
    <IconButton label={isPlaying ? t("player.pause") : t("player.play")} onPress={toggle} className={plain}>
      <Icon size={22} fill="currentColor" aria-hidden />
    </IconButton>
  );
}

/** Captions on or off, where there are any and room for a button; a phone has them in its menu. */
function CaptionsButton({ player }: { player: Player }) {
  const { t } = useTranslation();
  if (player.captions.length === 0) return null;
  const isOn = player.caption !== null;
  return (
    <IconButton
      label={t("player.captions")}
      aria-pressed={isOn}
      onPress={() => toggleCaptions(player)}
      className={`${plain} relative max-sm:hidden`}
    >
      <Captions size={22} aria-hidden />
      {isOn && <span className="absolute inset-x-2.5 bottom-1 h-0.5 rounded-full bg-accent" />}
    </IconButton>
  );
}

type VolumeUse = Pick<Player, "isMuted" | "volume" | "toggleMuted" | "setVolume">;

/** Sound on or off, and how loud. */
export function Volume({ player }: { player: VolumeUse }) {
  const { t } = useTranslation();
  const isSilent = player.isMuted || player.volume === 0;
  const VolumeIcon = isSilent ? VolumeX : player.volume < 0.5 ? Volume1 : Volume2;
  return (
    <>
      <IconButton
        label={isSilent ? t("player.unmute") : t("player.mute")}
        onPress={player.toggleMuted}
        className={plain}
      >
        <VolumeIcon size={22} aria-hidden />
      </IconButton>
      <LeftToRight>
        <Slider
          aria-label={t("player.volume")}
          className="me-2 hidden w-20 sm:block"
          minValue={0}
          maxValue={1}
          step={0.05}
          value={isSilent ? 0 : player.volume}
          onChange={player.setVolume}
        >
          <SliderTrack className="group flex h-11 cursor-pointer items-center">
            <div className="h-1 w-full overflow-hidden rounded-full bg-white/30">
              <div className="h-full bg-white" style={{ width: `${(isSilent ? 0 : player.volume) * 100}%` }} />
            </div>
            <SliderThumb className="top-1/2 size-3.5 rounded-full bg-white data-[focus-visible]:outline-2" />
          </SliderTrack>
        </Slider>
      </LeftToRight>
    </>
  );
}

interface ShapesProps extends Pick<ControlsProps, "isFullscreen" | "onFullscreen" | "onPip" | "onTheatre"> {
  onMini?: (() => void) | undefined;
}

/** The places of the picture: in a window, in the corner, over the whole width, over the whole screen. */
export function Shapes({ isFullscreen, onFullscreen, onPip, onTheatre, onMini }: ShapesProps) {
  const { t } = useTranslation();
  return (
    <>
      {document.pictureInPictureEnabled && (
        <IconButton label={t("player.pip")} onPress={onPip} className={`${plain} max-[359px]:hidden`}>
          <PictureInPicture2 size={21} aria-hidden />
        </IconButton>
      )}
      {onMini !== undefined && !isFullscreen && (
        <IconButton label={t("player.mini")} onPress={onMini} className={`${plain} max-sm:hidden`}>
          <Minimize2 size={20} aria-hidden />
        </IconButton>
      )}
      {onTheatre !== undefined && !isFullscreen && (
        <IconButton label={t("player.theatre")} onPress={onTheatre} className={`${plain} max-lg:hidden`}>
          <RectangleHorizontal size={22} aria-hidden />
        </IconButton>
      )}
      {document.fullscreenEnabled && (
        <IconButton
          label={isFullscreen ? t("player.exitFullscreen") : t("player.fullscreen")}
          onPress={onFullscreen}
          className={plain}
        >
          {isFullscreen ? <Minimize size={21} aria-hidden /> : <Maximize size={21} aria-hidden />}
        </IconButton>
      )}
    </>
  );
}
