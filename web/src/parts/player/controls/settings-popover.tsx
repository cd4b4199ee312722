import { AudioLines, Gauge, MessageSquareText, Music } from "lucide-react";
import type { ReactNode } from "react";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import { speeds } from "#base/ui/buttons/speed-pills.tsx";
import { SwitchKnob } from "#base/ui/buttons/switch-knob.tsx";
import { prefer, shares, usePreferences } from "../danmaku/preferences.ts";
import type { Evenness } from "../sound/evenness.ts";
import type { Player } from "../use-player.ts";
import { PlayerPopover, type PlayerPopoverProps, settingRowClass } from "./player-popover.tsx";
import { type Setting, SettingPages, useCaptionsSetting, useQualitySetting } from "./setting-pages.tsx";

interface SettingsPopoverProps extends Omit<PlayerPopoverProps, "children"> {
  player: Player;
  /** `null` where it would make no difference. */
  evenness: Evenness | null;
}

/** How the video plays: a row for each setting with its value; a row leads to its choices and back. */
export function SettingsPopover({ player, evenness, ...place }: SettingsPopoverProps) {
  return (
    <PlayerPopover {...place}>
      <Pages player={player} evenness={evenness} />
    </PlayerPopover>
  );
}

function Pages({ player, evenness }: Pick<SettingsPopoverProps, "player" | "evenness">) {
  const { t } = useTranslation();
  return (
    <SettingPages settings={useSettings(player)} rowClass={settingRowClass}>
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

/** The settings that there are now, each with its choice. */
function useSettings(player: Player): Setting[] {
  const { t, i18n } = useTranslation();
  const speed = new Intl.NumberFormat(i18n.language);
  const { isOn, share } = usePreferences();
  const quality = useQualitySetting(player);
  const rate: Setting = {
    name: t("feed.speed"),
    icon: <Gauge size={20} aria-hidden />,
    value: String(player.rate),
    choices: speeds.map((factor) => ({ value: String(factor), text: `${speed.format(factor)}×` })),
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
      ...shares.map(({ share: part, name }) => ({ value: String(part), text: t(`danmaku.share.${name}`) })),
    ],
    choose: (value) => {
      const chosen = shares.find(({ share: part }) => String(part) === value);
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
    <Switch isSelected={isOn} onChange={onChange} className={`group ${settingRowClass} cursor-pointer`}>
      {icon}
      <span className="font-medium">{name}</span>
      <SwitchKnob className="ms-auto" />
    </Switch>
  );
}
