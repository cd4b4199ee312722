import { useTranslation } from "react-i18next";
import { Choice } from "#base/ui/buttons/choice.tsx";
import { colors, type Look, modes } from "./look.ts";
import { Swatch } from "./swatch.tsx";

interface LookChoiceProps {
  look: Look;
  onChange: (look: Look) => void;
}

/** The mode and the colour of the viewer's danmaku. */
export function LookChoice({ look, onChange }: LookChoiceProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        label={t("danmaku.mode")}
        value={look.mode}
        onChange={(mode) => onChange({ ...look, mode })}
        options={modes.map((mode) => ({
          value: mode,
          name: t(`danmaku.mode.${mode}`),
          icon: <Swatch color={look.color} mode={mode} />,
        }))}
      />
      <Choice
        label={t("danmaku.color")}
        value={look.color}
        onChange={(color) => onChange({ ...look, color })}
        options={colors.map(({ name }) => ({
          value: name,
          name: t(`danmaku.color.${name}`),
          icon: <Swatch color={name} />,
        }))}
      />
    </>
  );
}
