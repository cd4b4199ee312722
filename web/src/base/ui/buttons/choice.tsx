import type { ReactNode } from "react";
import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { Switch } from "react-aria-components/Switch";
import { classNames } from "../class-names.ts";
import { SwitchKnob } from "./switch-knob.tsx";

interface Option<Value extends string> {
  value: Value;
  name: string;
  text?: string;
  icon?: ReactNode;
}

interface ChoiceProps<Value extends string> {
  label: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few things, each with a word about what it means. */
export function Choice<Value extends string>({ label, options, value, onChange }: ChoiceProps<Value>) {
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <RadioGroup value={value} onChange={choose} className="flex flex-col gap-1.5">
      <Label className="text-sm font-medium">{label}</Label>
      <div className="flex flex-col gap-2">
        {options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            className={classNames(
              "group flex min-h-11 cursor-pointer items-center gap-3 rounded-lg border border-line bg-surface px-3 py-2",
              "transition-colors hover:border-soft data-[selected]:border-accent-strong",
            )}
          >
            <span className="grid size-5 shrink-0 place-items-center rounded-full border-2 border-soft group-data-[selected]:border-accent-strong">
              <span className="size-2.5 scale-0 rounded-full bg-accent-strong transition-transform group-data-[selected]:scale-100" />
            </span>
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{option.name}</span>
              {option.text !== undefined && <span className="block text-xs text-soft">{option.text}</span>}
            </span>
            {option.icon}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

interface ToggleProps {
  label: string;
  text?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** A thing that is on or off. */
export function Toggle({ label, text, isOn, onChange }: ToggleProps) {
  return (
    <Switch
      isSelected={isOn}
      onChange={onChange}
      className="group flex min-h-11 w-full cursor-pointer items-center gap-3 py-1.5"
    >
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{label}</span>
        {text !== undefined && <span className="block text-xs text-soft">{text}</span>}
      </span>
      <SwitchKnob className="shrink-0" />
    </Switch>
  );
}
