import { Captions, Check, ChevronLeft, ChevronRight, Clapperboard } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { CaptionStyleForm, CaptionStyleRow } from "../captions/lazy-caption-style.ts";
import type { CaptionTrack, Quality } from "../engine/engine-port.ts";

/** A setting that has choices of its own. */
export interface Setting {
  readonly name: string;
  readonly icon: ReactNode;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly text: string; readonly lang?: string }[];
  readonly choose: (value: string) => void;
  /** Its page leads to how it looks. */
  readonly hasStyle?: true;
}

interface SettingPagesProps {
  settings: readonly Setting[];
  rowClass: string;
  /** Puts the rows where they belong; none of it is there while the choices of one are. */
  children: (rows: ReactNode) => ReactNode;
}

/** A row for each setting with its value; a row leads to its choices and back. */
export function SettingPages({ settings, rowClass, children }: SettingPagesProps) {
  const [page, setPage] = useState<string | null>(null);
  /** The row whose page was left has the focus again. */
  const [lastPage, setLeft] = useState<string | null>(null);
  const [isStyling, setStyling] = useState(false);
  const setting = settings.find(({ name }) => name === page);
  if (isStyling) return <StylePage rowClass={rowClass} onBack={() => setStyling(false)} />;
  if (setting !== undefined)
    return (
      <ChoicePage
        {...{ setting, rowClass }}
        {...(setting.hasStyle === true && { onStyle: () => setStyling(true) })}
        onBack={() => {
          setPage(null);
          setLeft(setting.name);
        }}
      />
    );
  return children(
    <div>
      {settings.map(({ name, icon, value, choices }) => (
        <button
          key={name}
          type="button"
          autoFocus={name === lastPage}
          className={rowClass}
          onClick={() => setPage(name)}
        >
          {icon}
          <span className="font-medium">{name}</span>
          <span className="ms-auto flex min-w-0 items-center gap-1 text-soft">
            <span className="truncate">{choices.find((choice) => choice.value === value)?.text}</span>
            <ChevronRight size={16} aria-hidden className="shrink-0 rtl:-scale-x-100" />
          </span>
        </button>
      ))}
    </div>,
  );
}

interface QualityUse {
  qualities: readonly Quality[];
  /** The rendition asked for; `null` is automatic. */
  quality: number | null;
  /** The height that is shown. */
  heightPx: number;
  chooseQuality: (index: number | null) => void;
}

export function useQualitySetting({ qualities, quality, heightPx, chooseQuality }: QualityUse): Setting {
  const { t } = useTranslation();
  const isAuto = quality === null;
  return {
    name: t("player.quality"),
    icon: <Clapperboard size={20} aria-hidden />,
    value: isAuto ? "auto" : String(quality),
    choices: [
      { value: "auto", text: isAuto && heightPx > 0 ? t("player.autoAt", { height: heightPx }) : t("player.auto") },
      ...qualities.map(({ index, heightPx: px }) => ({ value: String(index), text: `${px}p` })),
    ],
    choose: (value) => chooseQuality(value === "auto" ? null : Number(value)),
  };
}

interface CaptionsUse {
  captions: readonly CaptionTrack[];
  /** The captions that are shown; `null` for none. */
  caption: number | null;
  chooseCaptions: (index: number | null) => void;
}

export function useCaptionsSetting({ captions, caption, chooseCaptions }: CaptionsUse): Setting {
  const { t } = useTranslation();
  return {
    name: t("player.captions"),
    icon: <Captions size={20} aria-hidden />,
    value: caption === null ? "off" : String(caption),
    choices: [
      { value: "off", text: t("player.captions.off") },
      ...captions.map(({ index, language, label }) => ({ value: String(index), text: label, lang: language })),
    ],
    choose: (value) => chooseCaptions(value === "off" ? null : Number(value)),
    hasStyle: true,
  };
}

interface ChoicePageProps {
  setting: Setting;
  rowClass: string;
  onBack: () => void;
  onStyle?: () => void;
}

function ChoicePage({ setting, rowClass, onBack, onStyle }: ChoicePageProps) {
  const choices = useRef<HTMLDivElement>(null);
  // The row that led here is gone: the choice has the focus. `autoFocus` of a Radio takes it a frame later at the earliest,
  // and the keys of that time, such as Escape, would be lost.
  useEffect(() => {
    const { current } = choices;
    (current?.querySelector<HTMLInputElement>("input:checked") ?? current?.querySelector("input"))?.focus();
  }, []);
  return (
    <>
      <BackRow name={setting.name} {...{ rowClass, onBack }} />
      <RadioGroup ref={choices} aria-label={setting.name} value={setting.value} onChange={setting.choose}>
        {setting.choices.map(({ value, text, lang }) => (
          <Radio
            key={value}
            value={value}
            className={`group ${rowClass} cursor-pointer data-[focus-visible]:outline-2`}
          >
            <Check size={18} aria-hidden className="invisible group-data-[selected]:visible" />
            <span {...(lang !== undefined && lang !== "" && { lang })}>{text}</span>
          </Radio>
        ))}
      </RadioGroup>
      {onStyle !== undefined && (
        <>
          <hr className="my-1 border-line" />
          <CaptionStyleRow className={rowClass} onPress={onStyle} />
        </>
      )}
    </>
  );
}

function StylePage({ rowClass, onBack }: Pick<BackRowProps, "rowClass" | "onBack">) {
  const { t } = useTranslation();
  return (
    <>
      <BackRow name={t("captions.style")} {...{ rowClass, onBack }} isFocused />
      <div className="px-2.5 pt-1.5 pb-2.5">
        <CaptionStyleForm />
      </div>
    </>
  );
}

interface BackRowProps {
  name: string;
  rowClass: string;
  onBack: () => void;
  isFocused?: boolean;
}

/** The head of a page of choices, which leads back. */
function BackRow({ name, rowClass, onBack, isFocused = false }: BackRowProps) {
  const { t } = useTranslation();
  return (
    <>
      <button
        type="button"
        autoFocus={isFocused}
        className={`${rowClass} font-semibold`}
        onClick={onBack}
        aria-label={t("player.back", { name })}
      >
        <ChevronLeft size={20} aria-hidden className="rtl:-scale-x-100" />
        {name}
      </button>
      <hr className="my-1 border-line" />
    </>
  );
}
