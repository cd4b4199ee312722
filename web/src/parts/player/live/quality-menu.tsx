import { Settings } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { LivePlayer } from "./use-live-player.ts";

const QualityPopover = lazySheet(() => import("./quality-popover.tsx"), "QualityPopover");

interface QualityMenuProps {
  player: LivePlayer;
  /** Full screen shows nothing outside of this element. */
  portal: RefObject<HTMLElement | null>;
  onOpen: (isOpen: boolean) => void;
}

/** The button of the qualities, where there is more than one. */
export function QualityMenu({ player, portal, onOpen }: QualityMenuProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (player.qualities.length < 2) return null;
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
        onPointerEnter={QualityPopover.preload}
        onPress={() => change(!isOpen)}
      >
        <Settings size={21} aria-hidden />
      </IconButton>
      {isOpen && <QualityPopover {...{ player, portal, button }} onClose={() => change(false)} />}
    </>
  );
}
