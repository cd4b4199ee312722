import { ChevronRight, RotateCcw, Type } from "lucide-react";
import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { pillClass } from "#base/ui/buttons/speed-pills.tsx";
import { setCaptionStyle, useCaptionStyle } from "./caption-preferences.ts";
import { backgrounds, captionLook, captionPercent, colors, sizes, usualCaptionStyle } from "./caption-style.ts";

/** The row of a menu that leads to the form. */
export function CaptionStyleRow({ className, onPress }: { className: string; onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className={className} onClick={onPress}>
      <Type size={20} aria-hidden />
      <span className="font-medium">{t("captions.style")}</span>
      <ChevronRight size={16} aria-hidden className="ms-auto shrink-0 text-soft rtl:-scale-x-100" />
    </button>
  );
}

/** Size, colour and background of captions, with what they will look like. */
export function CaptionStyleForm() {
  const { t } = useTranslation();
  const style = useCaptionStyle();
  return (
    <div className="flex flex-col gap-3">
      <Preview />
      <Pills
        label={t("captions.size")}
        value={style.size}
        options={sizes.map(({ name }) => ({ name, text: t(`captions.size.${name}`) }))}
        onChange={(size) => setCaptionStyle({ size })}
      />
      <RadioGroup
        value={style.color}
        onChange={(value) => setCaptionStyle({ color: colors.find(({ name }) => name === value)?.name ?? "white" })}
        orientation="horizontal"
      >
        <Label className="mb-1.5 block text-sm font-medium">{t("captions.color")}</Label>
        <div className="flex gap-2">
          {colors.map(({ name, value }) => (
            <Radio
              key={name}
              value={name}
              aria-label={t(`captions.color.${name}`)}
              className="grid size-11 cursor-pointer place-items-center rounded-full border-2 border-transparent data-[focus-visible]:outline-2 data-[selected]:border-ink"
            >
              <span className="size-8 rounded-full border border-line" style={{ background: value }} />
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <Pills
        label={t("captions.background")}
        value={style.background}
        options={backgrounds.map(({ name }) => ({ name, text: t(`captions.background.${name}`) }))}
        onChange={(background) => setCaptionStyle({ background })}
      />
      <Button onPress={() => setCaptionStyle(usualCaptionStyle)}>
        <RotateCcw size={16} aria-hidden />
        {t("captions.reset")}
      </Button>
    </div>
  );
}

/** The form with its heading, in the settings. */
export function CaptionStyleSection() {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="caption-style" className="mt-4">
      <h3 id="caption-style" className="font-medium">
        {t("captions.style")}
      </h3>
      <p className="mb-3 text-xs text-soft">{t("captions.style.text")}</p>
      <CaptionStyleForm />
    </section>
  );
}

/** Over a picture as light as it is dark. */
function Preview() {
  const { t } = useTranslation();
  const style = useCaptionStyle();
  return (
    <div className="flex h-24 items-end justify-center overflow-hidden rounded-lg bg-linear-to-r from-[#f4e3c1] via-[#e08a5b] to-[#2b2a4c] p-2">
      <p
        className="text-center leading-tight"
        style={{ fontSize: `${(captionPercent(style) / 100) * 0.95}rem` }}
        data-testid="captions-preview"
      >
        <span className="box-decoration-clone px-1" style={captionLook(style)}>
          {t("captions.preview")}
        </span>
      </p>
    </div>
  );
}

interface PillsProps<Name extends string> {
  label: string;
  value: Name;
  options: readonly { readonly name: Name; readonly text: string }[];
  onChange: (name: Name) => void;
}

function Pills<Name extends string>({ label, value, options, onChange }: PillsProps<Name>) {
  const choose = (chosen: string) => {
    const option = options.find(({ name }) => name === chosen);
    if (option !== undefined) onChange(option.name);
  };
  return (
    <RadioGroup value={value} onChange={choose} orientation="horizontal">
      <Label className="mb-1.5 block text-sm font-medium">{label}</Label>
      <div className="flex flex-wrap gap-1">
        {options.map(({ name, text }) => (
          <Radio key={name} value={name} className={`${pillClass} flex-auto! px-2! data-[focus-visible]:outline-2`}>
            {text}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
