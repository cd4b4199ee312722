import type { ReactNode, RefObject } from "react";
import { PlayButton, Shapes, Volume } from "../controls/controls.tsx";
import { EdgeButton } from "./edge-button.tsx";
import { LiveSeekBar } from "./live-seek-bar.tsx";
import { QualityMenu } from "./quality-menu.tsx";
import type { LivePlayer } from "./use-live-player.ts";

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
    <div
      className={`pointer-events-none absolute inset-x-0 bottom-0 flex flex-col bg-linear-to-t from-black/85 via-black/45 to-transparent px-2 pt-10 pb-1 transition-opacity duration-200 focus-within:opacity-100 sm:px-3 sm:pb-2 ${isShown ? "*:pointer-events-auto" : "opacity-0"}`}
    >
      {player.past !== null && <LiveSeekBar past={player.past} goBack={player.goBack} />}
      <div className="flex items-center">
        <PlayButton player={player} />
        <Volume player={player} />
        <EdgeButton player={player} className="ms-2 h-9 bg-white/15 px-3 text-sm" />
        <span className="flex-1" />
        {tools}
        <QualityMenu player={player} portal={region} onOpen={onPinned} />
        <Shapes {...{ isFullscreen, onFullscreen, onPip, onTheatre }} />
      </div>
    </div>
  );
}
