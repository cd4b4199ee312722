import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { pillClass } from "../ui/speed-pills.tsx";
import type { Player } from "./use-player.ts";

/** The choice of a sound, where a film has several. */
export function SoundChoice({ player }: { player: Player }) {
  const { t } = useTranslation();
  if (player.sounds.length < 2) return null;
  return (
    <RadioGroup
      value={String(player.sound)}
      onChange={(chosen) => player.chooseSound(Number(chosen))}
      orientation="horizontal"
    >
      <Label className="mb-2 block text-sm font-medium">{t("player.sound")}</Label>
      <div className="flex flex-wrap gap-1.5">
        {player.sounds.map(({ index, language, label }) => (
          <Radio key={index} value={String(index)} className={pillClass}>
            <span {...(language !== "" && { lang: language })}>{label}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
