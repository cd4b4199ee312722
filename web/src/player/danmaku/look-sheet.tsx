import { useTranslation } from "react-i18next";
import { Choice } from "../../ui/choice.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { colors, type Look, modes } from "./look.ts";
import { Swatch } from "./swatch.tsx";

interface LookSheetProps {
  look: Look;
  onChange: (look: Look) => void;
  onClose: () => void;
}

/** Chooses where what one says goes, and in which colour. */
export function LookSheet({ look, onChange, onClose }: LookSheetProps) {
  const { t } = useTranslation();
  return (
    <Sheet title={t("danmaku.look")} isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
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
      </div>
    </Sheet>
  );
}
