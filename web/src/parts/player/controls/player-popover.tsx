import { type ReactNode, type RefObject, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";

export interface PlayerPopoverProps {
  /** Full screen shows nothing outside of this element. */
  portal: RefObject<HTMLElement | null>;
  /** The button that opened it, which gets the focus back. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
  children: ReactNode;
}

export const settingRowClass =
  "flex min-h-11 w-full items-center gap-3 rounded-lg px-2.5 text-start whitespace-nowrap hover:bg-raised pointer-fine:min-h-10";

/** The menu of a player, over its lower right corner. */
export function PlayerPopover({ portal, button, onClose, children }: PlayerPopoverProps) {
  const { t } = useTranslation();
  const [shiftPx] = useState(() => pxToEdge(button.current, portal.current));
  const isFullscreen = document.fullscreenElement !== null;
  return (
    <Popover
      triggerRef={button}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      placement="top right"
      crossOffset={shiftPx}
      data-theme="dark"
      {...(isFullscreen && portal.current !== null && { UNSTABLE_portalContainer: portal.current })}
      className="w-74 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border border-line bg-surface/97 p-1.5 text-ink shadow-2xl transition-opacity data-[entering]:opacity-0 data-[exiting]:opacity-0"
    >
      <Dialog aria-label={t("player.settings")} className="text-sm text-ink outline-none">
        {children}
      </Dialog>
    </Popover>
  );
}

/** How far the right edge of the player, less its padding, is from that of the button: the menu stands there, not over the middle. */
function pxToEdge(button: HTMLElement | null, player: HTMLElement | null): number {
  if (button === null || player === null) return 0;
  return Math.max(0, player.getBoundingClientRect().right - 12 - button.getBoundingClientRect().right);
}
