import { VolumeX } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { useIsWide } from "#base/frame/frame.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { coloursOf, coverOf } from "#parts/live/room-picture.ts";
import { Ambient } from "../ambient.tsx";
import { usePlayerFrame } from "../use-player-frame.ts";
import { useKeys } from "../use-player-keys.ts";
import { LiveControls } from "./live-controls.tsx";
import { PictureStage } from "./picture-stage.tsx";
import type { LivePlayer as PlayerState } from "./use-live-player.ts";

interface LivePlayerProps {
  element: RefObject<HTMLVideoElement | null>;
  player: PlayerState;
  /** Its cover throws its light while there is no picture of the stream, or its colours. */
  live: Live;
  /** The streams beside the picture, a tile for each. */
  tiles?: readonly ReactNode[];
  /** Content over the upper edge, such as the badge. */
  head: ReactNode;
  /** Content over the lower edge of a phone's player, in the place of the controls. */
  foot?: (toggleFullscreen: () => void) => ReactNode;
  /** A notice in place of the picture, or over the last one. */
  notice?: ReactNode;
  /** Content that flies over the picture: gifts, hearts, danmaku. */
  overlay?: ReactNode;
  /** At the right end of the bar of a desk. */
  tools?: ReactNode;
  /** A double tap on a phone. */
  onLike?: (() => void) | undefined;
  onTheatre?: (() => void) | undefined;
  className?: string;
}

const skipS = 5;

/** The player of a live room: its stream with what stands over it. Chat and gifts of a phone go into `foot`. */
export function LivePlayer(props: LivePlayerProps) {
  const { element, player, live, tiles = [], head, foot, notice, overlay, tools, onLike, onTheatre } = props;
  const { t } = useTranslation();
  const isWide = useIsWide();
  const frame = usePlayerFrame(element, player.isPlaying);
  const { region, showControls, isFullscreen, toggleFullscreen, togglePip, wake, setPinned } = frame;
  useLiveKeys(player, { toggleFullscreen, togglePip, onUse: wake });
  const hasControls = isWide && player.hasPicture;
  const isUpright = player.ratio > 0 && player.ratio < 1;
  return (
    <section
      {...frame.attributes}
      aria-label={t("live.player")}
      className={`player live-player relative flex items-center justify-center overflow-hidden bg-black text-white ${props.className ?? ""}`}
      data-controls={hasControls && showControls ? "" : undefined}
      {...(!player.hasPicture && { style: { background: coloursOf(live) } })}
    >
      {!isFullscreen && (
        <Ambient
          thumb={null}
          coverUrl={coverOf(live)}
          video={element}
          isLive
          className="absolute inset-0 size-full opacity-40"
        />
      )}
      <PictureStage
        {...{ element, live, tiles }}
        isFilling={isUpright && !isWide}
        isWaiting={player.isWaiting && notice === undefined}
        onMouseUp={() => hasControls && player.toggle()}
        onPointerUp={wake}
        onDoubleClick={isWide ? toggleFullscreen : onLike}
      />
      {overlay}
      {notice}
      {head}
      {player.isSilenced && player.isMuted && player.hasPicture && (
        <Button
          look="inverse"
          className="absolute inset-x-0 top-1/2 mx-auto w-fit rounded-full!"
          onPress={player.toggleMuted}
        >
          <VolumeX size={18} aria-hidden />
          {t("live.unmute")}
        </Button>
      )}
      {hasControls ? (
        <LiveControls
          {...{ player, region, isFullscreen, onTheatre, tools }}
          isShown={showControls}
          onFullscreen={toggleFullscreen}
          onPip={togglePip}
          onPinned={setPinned}
        />
      ) : (
        !isWide && foot?.(toggleFullscreen)
      )}
    </section>
  );
}

interface LiveKeyActions {
  toggleFullscreen: () => void;
  togglePip: () => void;
  onUse: () => void;
}

/** The keys of a live room's page. */
function useLiveKeys(player: PlayerState, { toggleFullscreen, togglePip, onUse }: LiveKeyActions): void {
  const skip = (seconds: number) => () => {
    if (player.past !== null) player.goBack(Math.max(0, player.past.backS - seconds));
  };
  const keys = {
    " ": player.toggle,
    k: player.toggle,
    ArrowLeft: skip(-skipS),
    ArrowRight: skip(skipS),
    m: player.toggleMuted,
    f: toggleFullscreen,
    p: togglePip,
  };
  useKeys(keys, onUse);
}
