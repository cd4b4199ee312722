import { PlayerPopover, type PlayerPopoverProps, settingRowClass } from "../controls/player-popover.tsx";
import { SettingPages, useQualitySetting } from "../controls/setting-pages.tsx";
import type { LivePlayer } from "./use-live-player.ts";

/** The qualities of a live stream, in the menu that every player has. */
export function QualityPopover({ player, ...place }: Omit<PlayerPopoverProps, "children"> & { player: LivePlayer }) {
  return (
    <PlayerPopover {...place}>
      <SettingPages settings={[useQualitySetting(player)]} rowClass={settingRowClass}>
        {(rows) => rows}
      </SettingPages>
    </PlayerPopover>
  );
}
