import type { ReactNode, RefObject } from "react";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { ControlBar } from "../controls/control-bar.tsx";
import { PlayButton, Shapes, Volume } from "../controls/controls.tsx";
import { SettingsMenu } from "../controls/settings-menu.tsx";
import { EdgeButton } from "./edge-button.tsx";
import { LiveSeekBar } from "./live-seek-bar.tsx";
import type { LivePlayer } from "./use-live-player.ts";

const QualityPopover = lazySheet(() => import("./quality-popover.tsx"), "QualityPopover");

interface LiveControlsProps {
  player: LivePlayer;
  isShown: boolean;
  isFullscreen: boolean;
  /** The player. */
  region: RefObject<HTMLElement | null>;
  onFullscreen: () => void;
  onPip: () => void;
  onTheatre: (() => void) | undefined;
  tools?: ReactNode;
  onPinned: (isPinned: boolean) => void;
}

/** The bar over the lower edge of a live stream at a desk. */
export function LiveControls(props: LiveControlsProps) {
  const { player, isShown, isFullscreen, region, onFullscreen, onPip, onTheatre, tools, onPinned } = props;
  return (
    <ControlBar
      isShown={isShown}
      seekBar={player.past !== null && <LiveSeekBar past={player.past} goBack={player.goBack} />}
    >
      <PlayButton player={player} />
      <Volume player={player} />
      <EdgeButton player={player} className="ms-2 h-9 bg-white/15 px-3 text-sm" />
      <span className="flex-1" />
      {tools}
      {player.qualities.length > 1 && (
        <SettingsMenu portal={region} onOpen={onPinned} preload={QualityPopover.preload}>
          {(place) => <QualityPopover player={player} {...place} />}
        </SettingsMenu>
      )}
      <Shapes {...{ isFullscreen, onFullscreen, onPip, onTheatre }} />
    </ControlBar>
  );
}
