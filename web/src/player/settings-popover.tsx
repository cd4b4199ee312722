import { AudioLines, Gauge, MessageSquareText, Music } from "lucide-react";
import { type ReactNode, type RefObject, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import { speeds } from "../ui/speed-pills.tsx";
import { prefer, shares, usePreferences } from "./danmaku/preferences.ts";
import type { Player } from "./use-player.ts";
import { SwitchKnob } from "../ui/switch-knob.tsx";
import { type Setting, SettingPages, useCaptionsSetting, useQualitySetting } from "./setting-pages.tsx";
import type { Evenness } from "./settings-menu.tsx";

interface SettingsPopoverProps {
  player: Player;
  /** `null` where it would make no difference. */
  evenness: Evenness | null;
  /** Full screen shows nothing outside of this element. */
  portal: RefObject<HTMLElement | null>;
  /** What opened it, and gets the focus back. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** How the video plays: a row for each setting with its value; a row leads to its choices and back. */
export function SettingsPopover({ player, evenness, portal, button, onClose }: SettingsPopoverProps) {
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
        <Pages player={player} evenness={evenness} />
      </Dialog>
    </Popover>
  );
}

/** How far the right edge of the player, less its padding, is from that of the button: the menu stands there, not over the middle. */
function pxToEdge(button: HTMLElement | null, player: HTMLElement | null): number {
  if (button === null || player === null) return 0;
  return Math.max(0, player.getBoundingClientRect().right - 12 - button.getBoundingClientRect().right);
}

function Pages({ player, evenness }: Pick<SettingsPopoverProps, "player" | "evenness">) {
  const { t } = useTranslation();
  return (
    <SettingPages settings={useSettings(player)} rowClass={rowClass}>
      {(rows) => (
        <>
          {rows}
          {evenness !== null && (
            <SwitchRow
              icon={<AudioLines size={20} aria-hidden />}
              name={t("player.even")}
              isOn={evenness.isEven}
              onChange={evenness.change}
            />
          )}
        </>
      )}
    </SettingPages>
  );
}

const rowClass =
  "flex min-h-11 w-full items-center gap-3 rounded-lg px-2.5 text-start whitespace-nowrap hover:bg-raised pointer-fine:min-h-10";

/** What can be chosen now, with what is chosen. */
function useSettings(player: Player): Setting[] {
  const { t, i18n } = useTranslation();
  const speed = new Intl.NumberFormat(i18n.language);
  const { isOn, share } = usePreferences();
  const quality = useQualitySetting(player);
  const rate: Setting = {
    name: t("feed.speed"),
    icon: <Gauge size={20} aria-hidden />,
    value: String(player.rate),
    choices: speeds.map((one) => ({ value: String(one), text: `${speed.format(one)}×` })),
    choose: (value) => player.setRate(Number(value)),
  };
  const captions = useCaptionsSetting(player);
  const sound: Setting = {
    name: t("player.sound"),
    icon: <Music size={20} aria-hidden />,
    value: String(player.sound),
    choices: player.sounds.map(({ index, language, label }) => ({ value: String(index), text: label, lang: language })),
    choose: (value) => player.chooseSound(Number(value)),
  };
  const danmaku: Setting = {
    name: t("danmaku.name"),
    icon: <MessageSquareText size={20} aria-hidden />,
    value: isOn ? String(share) : "off",
    choices: [
      { value: "off", text: t("player.captions.off") },
      ...shares.map(({ share: one, name }) => ({ value: String(one), text: t(`danmaku.share.${name}`) })),
    ],
    choose: (value) => {
      const chosen = shares.find(({ share: one }) => String(one) === value);
      prefer(chosen === undefined ? { isOn: false } : { isOn: true, share: chosen.share });
    },
  };
  return [
    quality,
    rate,
    ...(captions.choices.length > 1 ? [captions] : []),
    ...(sound.choices.length > 1 ? [sound] : []),
    danmaku,
  ];
}

interface SwitchRowProps {
  icon: ReactNode;
  name: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function SwitchRow({ icon, name, isOn, onChange }: SwitchRowProps) {
  return (
    <Switch isSelected={isOn} onChange={onChange} className={`group ${rowClass} cursor-pointer`}>
      {icon}
      <span className="font-medium">{name}</span>
      <SwitchKnob className="ms-auto" />
    </Switch>
  );
}
