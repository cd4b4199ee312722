import { Check } from "lucide-react";
import { Checkbox } from "react-aria-components/Checkbox";

interface CheckRowProps {
  label: string;
  text: string;
  isSelected: boolean;
  isDisabled?: boolean;
  onChange: (isSelected: boolean) => void;
}

/** One of several things that can be chosen together, with a line about what it means. */
export function CheckRow({ label, text, isDisabled = false, ...props }: CheckRowProps) {
  return (
    <Checkbox
      {...props}
      isDisabled={isDisabled}
      className="group flex min-h-11 cursor-pointer items-start gap-3 rounded-lg py-1.5 data-[disabled]:cursor-default"
    >
      <span className="mt-0.5 grid size-5 shrink-0 place-items-center rounded border-2 border-soft text-on-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent group-data-[disabled]:opacity-60">
        {props.isSelected && <Check size={14} strokeWidth={3} aria-hidden />}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium wrap-anywhere">{label}</span>
        <span className="block text-xs text-pretty text-soft">{text}</span>
      </span>
    </Checkbox>
  );
}
