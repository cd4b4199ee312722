import { Settings } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { Evenness } from "../sound/evenness.ts";
import type { Player } from "../use-player.ts";

const SettingsPopover = lazySheet(() => import("./settings-popover.tsx"), "SettingsPopover");

interface SettingsMenuProps {
  player: Player;
  /** `null` where it would make no difference. */
  evenness: Evenness | null;
  /** Full screen shows nothing outside of this element. */
  portal: RefObject<HTMLElement | null>;
  onOpen: (isOpen: boolean) => void;
}

/** The button of the player's settings. */
export function SettingsMenu({ player, evenness, portal, onOpen }: SettingsMenuProps) {
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
        onPointerEnter={SettingsPopover.preload}
        onPress={() => change(!isOpen)}
      >
        <Settings size={21} aria-hidden className={`transition-transform duration-200 ${isOpen ? "rotate-45" : ""}`} />
      </IconButton>
      {isOpen && <SettingsPopover {...{ player, evenness, portal, button }} onClose={() => change(false)} />}
    </>
  );
}
