import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

export const pillClass =
  "grid min-h-11 min-w-11 flex-1 cursor-pointer place-items-center rounded-lg bg-raised px-1 text-sm font-medium whitespace-nowrap tabular " +
  "transition-colors hover:bg-line data-[selected]:bg-ink data-[selected]:text-page";

/** How fast the video plays. */
export function SpeedPills({ rate, onRate }: { rate: number; onRate: (rate: number) => void }) {
  const { t, i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language);
  return (
    <RadioGroup value={String(rate)} onChange={(chosen) => onRate(Number(chosen))} orientation="horizontal">
      <Label className="mb-2 block text-sm font-medium">{t("feed.speed")}</Label>
      <div className="grid grid-cols-6 gap-1">
        {speeds.map((speed) => (
          <Radio key={speed} value={String(speed)} className={pillClass}>
            {format.format(speed)}×
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
