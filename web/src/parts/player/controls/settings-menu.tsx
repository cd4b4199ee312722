import { Settings } from "lucide-react";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import type { PlayerPopoverProps } from "./player-popover.tsx";

interface SettingsMenuProps {
  /** Full screen shows nothing outside of this element. */
  portal: RefObject<HTMLElement | null>;
  onOpen: (isOpen: boolean) => void;
  /** Loads the menu before it is opened. */
  preload: () => void;
  /** The menu, which opens at the button. */
  children: (place: Omit<PlayerPopoverProps, "children">) => ReactNode;
}

/** The button of a player's settings. */
export function SettingsMenu({ portal, onOpen, preload, children }: SettingsMenuProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const change = (open: boolean) => {
    setOpen(open);
    onOpen(open);
  };
  return (
    <>
      <IconButton
        ref={button}
        label={t("player.settings")}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        className="hover:bg-white/20"
        onPointerEnter={preload}
        onPress={() => change(!isOpen)}
      >
        <Settings size={21} aria-hidden className={`transition-transform duration-200 ${isOpen ? "rotate-45" : ""}`} />
      </IconButton>
      {isOpen && children({ portal, button, onClose: () => change(false) })}
    </>
  );
}
