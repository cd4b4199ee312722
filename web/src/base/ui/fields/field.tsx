import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField, type TextFieldProps } from "react-aria-components/TextField";
import { useTranslation } from "react-i18next";
import { charactersIn } from "#base/text/characters.ts";
import { classNames } from "../class-names.ts";

const inputClass =
  "w-full min-h-11 rounded-lg border border-line bg-surface px-3 py-2.5 text-base text-ink placeholder:text-soft " +
  "transition-colors hover:border-soft data-[invalid]:border-bad";

interface FieldProps extends Omit<TextFieldProps, "className" | "children"> {
  label: string;
  hint?: ReactNode;
  /** The problem of the value; shown beside the field and read out. */
  problem?: string | null;
  /** How many characters the server takes; more can be typed, is reported, and keeps a form from being sent. */
  charactersMax?: number;
  /** Shows how many of them are typed. */
  hasCount?: boolean;
  /** How many lines; one line when left out. */
  rows?: number;
  placeholder?: string;
  /** A control at the end of the field. */
  end?: ReactNode;
}

/** A labelled text field with its hint and its error beside it. */
export function Field({
  label,
  hint,
  problem,
  charactersMax,
  hasCount = false,
  rows,
  placeholder,
  end,
  ...props
}: FieldProps) {
  const { t } = useTranslation();
  const over = charactersMax === undefined ? 0 : charactersIn(props.value ?? "") - charactersMax;
  const tooLong = over > 0 ? t("field.tooLong", { count: over }) : "";
  const wrong = tooLong || problem;
  const invalid = wrong != null && wrong !== "";
  const shared = {
    className: classNames(inputClass, end != null && "pe-12"),
    ...(placeholder && { placeholder }),
    ref: (element: HTMLInputElement | HTMLTextAreaElement | null) => element?.setCustomValidity(tooLong),
  };
  return (
    <AriaTextField {...props} isInvalid={invalid} validationBehavior="aria" className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <Label className="text-sm font-medium">{label}</Label>
        {hasCount && charactersMax !== undefined && (
          <span className="tabular text-xs text-faint" aria-hidden>
            {charactersIn(props.value ?? "")} / {charactersMax}
          </span>
        )}
      </div>
      <div className="relative">
        {rows === undefined ? <Input {...shared} /> : <TextArea {...shared} rows={rows} />}
        {end != null && <div className="absolute inset-y-0 end-0.5 flex items-center">{end}</div>}
      </div>
      {hint != null && !invalid && (
        <Text slot="description" className="text-xs text-soft">
          {hint}
        </Text>
      )}
      <FieldError className="text-sm text-bad">{wrong}</FieldError>
    </AriaTextField>
  );
}
