import { Settings } from "lucide-react";
import { type RefObject, useState } from "react";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Label } from "react-aria-components/Label";
import { Popover } from "react-aria-components/Popover";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/button.tsx";
import { Toggle } from "../ui/choice.tsx";
import { pillClass, SpeedPills } from "../ui/speed-pills.tsx";
import { SoundChoice } from "./sound-choice.tsx";
import type { Player } from "./use-player.ts";

/** Whether this title sounds as loud as all others. */
export interface Evenness {
  isEven: boolean;
  change: (isEven: boolean) => void;
}

interface SettingsMenuProps {
  player: Player;
  /** `null` where it would make no difference. */
  evenness: Evenness | null;
  /** Full screen shows nothing outside of this element. */
  portal: RefObject<HTMLElement | null>;
  onOpen: (isOpen: boolean) => void;
}

/** Quality, sound, captions and speed. */
export function SettingsMenu({ player, evenness, portal, onOpen }: SettingsMenuProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const change = (open: boolean) => {
    setOpen(open);
    onOpen(open);
  };
  const isFullscreen = document.fullscreenElement !== null;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={change}>
      <IconButton label={t("player.settings")} className="hover:bg-white/20">
        <Settings size={21} aria-hidden className={`transition-transform duration-200 ${isOpen ? "rotate-45" : ""}`} />
      </IconButton>
      <Popover
        placement="top end"
        {...(isFullscreen && portal.current !== null && { UNSTABLE_portalContainer: portal.current })}
        className="w-80 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-2xl bg-surface p-4 text-ink shadow-2xl transition-opacity data-[entering]:opacity-0 data-[exiting]:opacity-0"
      >
        <Dialog aria-label={t("player.settings")} className="flex flex-col gap-4 outline-none">
          <RadioGroup
            value={player.quality === null ? "auto" : String(player.quality)}
            onChange={(chosen) => player.chooseQuality(chosen === "auto" ? null : Number(chosen))}
            orientation="horizontal"
          >
            <Label className="mb-2 block text-sm font-medium">{t("player.quality")}</Label>
            <div className="flex flex-wrap gap-1.5">
              <Radio value="auto" className={pillClass}>
                {player.quality === null && player.heightPx > 0
                  ? t("player.autoAt", { height: player.heightPx })
                  : t("player.auto")}
              </Radio>
              {player.qualities.map(({ index, heightPx }) => (
                <Radio key={index} value={String(index)} className={pillClass}>
                  {heightPx}p
                </Radio>
              ))}
            </div>
          </RadioGroup>
          <SoundChoice player={player} />
          {player.captions.length > 0 && (
            <RadioGroup
              value={player.caption === null ? "off" : String(player.caption)}
              onChange={(chosen) => player.chooseCaptions(chosen === "off" ? null : Number(chosen))}
              orientation="horizontal"
            >
              <Label className="mb-2 block text-sm font-medium">{t("player.captions")}</Label>
              <div className="flex flex-wrap gap-1.5">
                <Radio value="off" className={pillClass}>
                  {t("player.captions.off")}
                </Radio>
                {player.captions.map(({ index, language, label }) => (
                  <Radio key={index} value={String(index)} className={pillClass}>
                    <span lang={language}>{label}</span>
                  </Radio>
                ))}
              </div>
            </RadioGroup>
          )}
          {evenness !== null && (
            <Toggle
              label={t("player.even")}
              text={t("player.even.text")}
              isOn={evenness.isEven}
              onChange={evenness.change}
            />
          )}
          <SpeedPills rate={player.rate} onRate={player.setRate} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
