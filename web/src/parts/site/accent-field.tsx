import { Check, Plus } from "lucide-react";
import { useState } from "react";
import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { suggestionFor } from "../../../../src/policy/accent.ts";
import { useTheme } from "#base/frame/theme.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { accentTheme, colourOf, isColour, offeredAccents } from "./accents.ts";

interface AccentFieldProps {
  /** `#rrggbb`, or what is typed so far. */
  accent: string;
  onChange: (accent: string) => void;
}

const ownColour = "own";

/** The accent: one of those offered, or a colour of one's own. One without contrast comes with the nearest that has it. */
export function AccentField({ accent, onChange }: AccentFieldProps) {
  const { t } = useTranslation();
  const theme = useTheme();
  const isOffered = offeredAccents.some((offered) => offered.accent === accent);
  const [isOwn, setOwn] = useState(!isOffered);
  const choose = (value: string) => {
    setOwn(value === ownColour);
    if (value !== ownColour) onChange(value);
  };
  return (
    <div className="flex flex-col gap-3">
      <RadioGroup value={isOwn ? ownColour : accent} onChange={choose} orientation="horizontal">
        <Label className="mb-1.5 block text-sm font-medium">{t("site.accent")}</Label>
        <div className="-m-1.5 flex flex-wrap">
          {offeredAccents.map((offered) => {
            const colours = accentTheme(offered.accent)?.[theme];
            return (
              <Swatch
                key={offered.name}
                value={offered.accent}
                name={t(`site.accent.${offered.name}`)}
                colour={colours?.accent}
                ink={colours?.ink}
              />
            );
          })}
          <Swatch value={ownColour} name={t("site.accent.own")} />
        </div>
      </RadioGroup>
      {isOwn && <OwnColour accent={accent} onChange={onChange} />}
    </div>
  );
}

interface SwatchProps {
  value: string;
  name: string;
  /** None for a colour of one's own. */
  colour?: string | undefined;
  ink?: string | undefined;
}

function Swatch({ value, name, colour, ink }: SwatchProps) {
  return (
    <Radio value={value} aria-label={name} className="group grid size-11 cursor-pointer place-items-center">
      <span
        title={name}
        className="grid size-8 place-items-center rounded-full outline-offset-2 outline-ink group-data-[focus-visible]:outline-2 group-data-[selected]:outline-2"
        style={
          colour === undefined ? { border: "2px solid var(--soft)" } : { backgroundColor: colour, color: ink ?? "" }
        }
      >
        {colour === undefined ? (
          <Plus size={16} aria-hidden />
        ) : (
          <Check size={16} strokeWidth={3} aria-hidden className="hidden group-data-[selected]:block" />
        )}
      </span>
    </Radio>
  );
}

function OwnColour({ accent, onChange }: AccentFieldProps) {
  const { t } = useTranslation();
  const isKnown = isColour(accent);
  const suggestion = isKnown && accentTheme(accent) === null ? suggestionFor(accent) : null;
  return (
    <>
      <div className="flex items-end gap-3">
        <input
          type="color"
          aria-label={t("site.accent.pick")}
          value={isKnown ? accent : "#808080"}
          onChange={(event) => onChange(event.target.value)}
          className="h-11 w-14 shrink-0 cursor-pointer rounded-lg border border-line bg-surface p-1"
        />
        <div className="w-40">
          <Field
            label={t("site.accent.code")}
            value={accent}
            onChange={(typed) => onChange(colourOf(typed))}
            spellCheck="false"
            autoComplete="off"
            problem={isKnown ? null : t("site.accent.invalid")}
          />
        </div>
      </div>
      {suggestion !== null && (
        <div role="alert" className="flex flex-col items-start gap-2 rounded-lg border border-bad/50 bg-bad/10 p-3">
          <p className="text-sm">{t("error.instance.low_contrast")}</p>
          <Button onPress={() => onChange(suggestion)}>
            <span
              aria-hidden
              className="size-4 rounded-full border border-line"
              style={{ backgroundColor: suggestion }}
            />
            {t("site.accent.suggestion", { colour: suggestion })}
          </Button>
        </div>
      )}
    </>
  );
}
