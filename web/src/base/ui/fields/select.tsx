import { Check, ChevronDown } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { classNames } from "../class-names.ts";

interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { readonly value: Value; readonly name: string }[];
  onChange: (value: Value) => void;
  /** Its label is only read out, and it is lower: a filter over a list. */
  isCompact?: boolean;
}

/** One of a list, which opens under its field. */
export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
  isCompact = false,
}: SelectProps<Value>) {
  const choose = (chosen: unknown) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <AriaSelect value={value} onChange={choose} className="flex min-w-0 flex-col gap-1.5">
      <Label className={isCompact ? "sr-only" : "text-sm font-medium"}>{label}</Label>
      <Button
        className={classNames(
          "flex min-h-11 w-full items-center gap-2 rounded-lg border border-line bg-surface px-3 text-start text-ink transition-colors hover:border-soft",
          isCompact ? "text-sm font-medium pointer-fine:min-h-9" : "py-2.5 text-base",
        )}
      >
        <SelectValue className="min-w-0 flex-1">
          {options.find((candidate) => candidate.value === value)?.name}
        </SelectValue>
        <ChevronDown size={18} aria-hidden className="shrink-0 text-soft" />
      </Button>
      <Popover className="min-w-(--trigger-width) rounded-xl border border-line bg-surface text-ink shadow-2xl">
        <ListBox className="max-h-[min(24rem,60dvh)] max-w-[calc(100dvw-2rem)] overflow-y-auto p-1.5 outline-none">
          {options.map((option) => (
            <ListBoxItem
              key={option.value}
              id={option.value}
              textValue={option.name}
              className="group flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 text-base outline-none data-[focused]:bg-raised pointer-fine:min-h-9 pointer-fine:text-sm"
            >
              <span className="min-w-0 flex-1">{option.name}</span>
              <Check size={18} aria-hidden className="invisible shrink-0 group-data-[selected]:visible" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
