import type { RefObject } from "react";
import type { Video } from "#base/api/types.ts";
import { useIsWide } from "#base/frame/frame.ts";
import { Later } from "#base/ui/loading/later.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { Evenness } from "../sound/evenness.ts";
import type { Next } from "../use-next.ts";
import type { Player } from "../use-player.ts";
import { Controls } from "./controls.tsx";
import { SettingsMenu } from "./settings-menu.tsx";
import { TopBar } from "./top-bar.tsx";

const SettingsPopover = lazySheet(() => import("./settings-popover.tsx"), "SettingsPopover");

/** The page around a player. */
export interface PlayerPage {
  readonly next: Next;
  readonly onTheatre: () => void;
  /** Leaves the page for the corner. */
  readonly onMini: () => void;
}

interface BarsProps {
  video: Video;
  player: Player;
  timeS: RefObject<number>;
  page: PlayerPage | undefined;
  evenness: Evenness | null;
  isShown: boolean;
  isFullscreen: boolean;
  /** The player. */
  region: RefObject<HTMLElement | null>;
  onFullscreen: () => void;
  onPip: () => void;
  onPinned: (isPinned: boolean) => void;
}

/**
 * The bars over the lower and the upper edge of the player. A phone's page has its other half of controls above. A
 * player that has the whole screen has the field for a danmaku there, which is under it otherwise.
 */
export function Bars(props: BarsProps) {
  const { video, player, timeS, page, evenness, isShown, isFullscreen, region, onFullscreen, onPip, onPinned } = props;
  const isWide = useIsWide();
  const hasTop = page !== undefined && (!isWide || isFullscreen);
  const hasTopSettings = page !== undefined && !isWide;
  if (player.hasFailed) return null;
  const settings = (
    <SettingsMenu portal={region} onOpen={onPinned} preload={SettingsPopover.preload}>
      {(place) => <SettingsPopover player={player} evenness={evenness} {...place} />}
    </SettingsMenu>
  );
  return (
    <Later>
      {hasTop && (
        <TopBar {...{ video, timeS, isShown, isFullscreen, onPinned }} onMini={page.onMini}>
          {hasTopSettings && settings}
        </TopBar>
      )}
      <Controls
        player={player}
        hlsUrl={video.hls_url}
        chapters={video.chapters}
        isShown={isShown}
        isFullscreen={isFullscreen}
        settings={hasTopSettings ? null : settings}
        onFullscreen={onFullscreen}
        onPip={onPip}
        onNext={page === undefined || page.next.video === null ? undefined : page.next.go}
        onTheatre={page?.onTheatre}
        onMini={page?.onMini}
      />
    </Later>
  );
}
