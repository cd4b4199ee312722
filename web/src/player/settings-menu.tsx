import {
  AudioLines,
  Captions,
  Check,
  ChevronLeft,
  ChevronRight,
  Gauge,
  MessageSquareText,
  Music,
  Settings,
  Clapperboard,
} from "lucide-react";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/button.tsx";
import { speeds } from "../ui/speed-pills.tsx";
import { prefer, usePreferences } from "./danmaku/preferences.ts";
import type { Player } from "./use-player.ts";
import { SwitchKnob } from "../ui/switch-knob.tsx";

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

/** How the video plays: a row for each setting with its value; a row leads to its choices and back. */
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
        className="w-74 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border border-line bg-surface/97 p-1.5 text-ink shadow-2xl transition-opacity data-[entering]:opacity-0 data-[exiting]:opacity-0"
      >
        <Dialog aria-label={t("player.settings")} data-theme="dark" className="text-sm text-ink outline-none">
          <Pages player={player} evenness={evenness} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** The settings that have choices of their own. */
interface Setting {
  readonly name: string;
  readonly icon: ReactNode;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly text: string; readonly lang?: string }[];
  readonly choose: (value: string) => void;
}

function Pages({ player, evenness }: Pick<SettingsMenuProps, "player" | "evenness">) {
  const { t } = useTranslation();
  const settings = useSettings(player);
  const { isOn } = usePreferences();
  const [page, setPage] = useState<string | null>(null);
  const rows = useRef<HTMLDivElement>(null);
  const setting = settings.find(({ name }) => name === page);
  if (setting !== undefined)
    return (
      <ChoicePage
        setting={setting}
        onBack={() => {
          setPage(null);
          requestAnimationFrame(() =>
            rows.current?.querySelector<HTMLElement>(`[data-row="${setting.name}"]`)?.focus(),
          );
        }}
      />
    );
  return (
    <div ref={rows}>
      {settings.map(({ name, icon, value, choices }) => (
        <button key={name} type="button" data-row={name} className={rowClass} onClick={() => setPage(name)}>
          {icon}
          <span className="font-medium">{name}</span>
          <span className="ms-auto flex min-w-0 items-center gap-1 text-soft">
            <span className="truncate">{choices.find((choice) => choice.value === value)?.text}</span>
            <ChevronRight size={16} aria-hidden className="shrink-0 rtl:-scale-x-100" />
          </span>
        </button>
      ))}
      <SwitchRow
        icon={<MessageSquareText size={20} aria-hidden />}
        name={t("danmaku.name")}
        isOn={isOn}
        onChange={(next) => prefer({ isOn: next })}
      />
      {evenness !== null && (
        <SwitchRow
          icon={<AudioLines size={20} aria-hidden />}
          name={t("player.even")}
          isOn={evenness.isEven}
          onChange={evenness.change}
        />
      )}
    </div>
  );
}

const rowClass =
  "flex min-h-11 w-full items-center gap-3 rounded-lg px-2.5 text-start whitespace-nowrap hover:bg-raised pointer-fine:min-h-10";

/** What can be chosen now, with what is chosen. */
function useSettings(player: Player): Setting[] {
  const { t, i18n } = useTranslation();
  const speed = new Intl.NumberFormat(i18n.language);
  const isAuto = player.quality === null;
  const auto = isAuto && player.heightPx > 0 ? t("player.autoAt", { height: player.heightPx }) : t("player.auto");
  const quality: Setting = {
    name: t("player.quality"),
    icon: <Clapperboard size={20} aria-hidden />,
    value: isAuto ? "auto" : String(player.quality),
    choices: [
      { value: "auto", text: auto },
      ...player.qualities.map(({ index, heightPx }) => ({ value: String(index), text: `${heightPx}p` })),
    ],
    choose: (value) => player.chooseQuality(value === "auto" ? null : Number(value)),
  };
  const rate: Setting = {
    name: t("feed.speed"),
    icon: <Gauge size={20} aria-hidden />,
    value: String(player.rate),
    choices: speeds.map((one) => ({ value: String(one), text: `${speed.format(one)}×` })),
    choose: (value) => player.setRate(Number(value)),
  };
  const captions: Setting = {
    name: t("player.captions"),
    icon: <Captions size={20} aria-hidden />,
    value: player.caption === null ? "off" : String(player.caption),
    choices: [
      { value: "off", text: t("player.captions.off") },
      ...player.captions.map(({ index, language, label }) => ({ value: String(index), text: label, lang: language })),
    ],
    choose: (value) => player.chooseCaptions(value === "off" ? null : Number(value)),
  };
  const sound: Setting = {
    name: t("player.sound"),
    icon: <Music size={20} aria-hidden />,
    value: String(player.sound),
    choices: player.sounds.map(({ index, language, label }) => ({ value: String(index), text: label, lang: language })),
    choose: (value) => player.chooseSound(Number(value)),
  };
  return [
    quality,
    rate,
    ...(captions.choices.length > 1 ? [captions] : []),
    ...(sound.choices.length > 1 ? [sound] : []),
  ];
}

function ChoicePage({ setting, onBack }: { setting: Setting; onBack: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <button
        type="button"
        className={`${rowClass} font-semibold`}
        onClick={onBack}
        aria-label={t("player.back", { name: setting.name })}
      >
        <ChevronLeft size={20} aria-hidden className="rtl:-scale-x-100" />
        {setting.name}
      </button>
      <hr className="my-1 border-line" />
      <RadioGroup aria-label={setting.name} value={setting.value} onChange={setting.choose}>
        {setting.choices.map(({ value, text, lang }) => (
          <Radio
            key={value}
            value={value}
            // The row that led here is gone: the choice has the focus.
            autoFocus={value === setting.value}
            className={`group ${rowClass} cursor-pointer data-[focus-visible]:outline-2`}
          >
            <Check size={18} aria-hidden className="invisible group-data-[selected]:visible" />
            <span {...(lang !== undefined && lang !== "" && { lang })}>{text}</span>
          </Radio>
        ))}
      </RadioGroup>
    </>
  );
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
