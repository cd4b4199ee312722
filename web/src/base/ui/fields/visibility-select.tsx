import { Check, ChevronDown } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select, SelectValue } from "react-aria-components/Select";
import { Text } from "react-aria-components/Text";
import { useTranslation } from "react-i18next";
import type { Visibility } from "#base/api/types.ts";
import { visibilities } from "./visibilities.ts";
import { VisibilityIcon } from "./visibility.tsx";

interface VisibilitySelectProps {
  value: Visibility;
  onChange: (visibility: Visibility) => void;
}

/** The visibility of a video, each choice with a word about its meaning. */
export function VisibilitySelect({ value, onChange }: VisibilitySelectProps) {
  const { t } = useTranslation();
  return (
    <Select
      value={value}
      onChange={(chosen) => {
        const visibility = visibilities.find((option) => option === chosen);
        if (visibility !== undefined) onChange(visibility);
      }}
      className="flex flex-col gap-1.5"
    >
      <Label className="text-sm font-medium">{t("upload.field.visibility")}</Label>
      <Button className="flex min-h-14 w-full items-center gap-3 rounded-lg border border-line bg-surface px-3.5 text-start transition-colors hover:border-soft">
        <VisibilityIcon visibility={value} size={20} />
        <SelectValue className="min-w-0 flex-1">
          <span className="block text-base font-medium">{t(`visibility.${value}`)}</span>
          <span className="block text-xs text-soft">{t(`visibility.${value}.text`)}</span>
        </SelectValue>
        <ChevronDown size={20} aria-hidden className="shrink-0 text-soft" />
      </Button>
      <Popover className="w-(--trigger-width) rounded-xl border border-line bg-surface p-1.5 text-ink shadow-2xl">
        <ListBox className="outline-none">
          {visibilities.map((visibility) => (
            <ListBoxItem
              key={visibility}
              id={visibility}
              textValue={t(`visibility.${visibility}`)}
              className="group flex min-h-14 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[focused]:bg-raised"
            >
              <VisibilityIcon visibility={visibility} size={20} />
              <span className="min-w-0 flex-1">
                <Text slot="label" className="block font-medium">
                  {t(`visibility.${visibility}`)}
                </Text>
                <Text slot="description" className="block text-xs text-soft">
                  {t(`visibility.${visibility}.text`)}
                </Text>
              </span>
              <Check size={18} aria-hidden className="invisible shrink-0 group-data-[selected]:visible" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
