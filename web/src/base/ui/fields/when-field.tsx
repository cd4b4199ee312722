import { useId } from "react";
import { useTranslation } from "react-i18next";
import { localText, zoneName } from "#base/format/local-time.ts";

interface WhenFieldProps {
  /** As {@link localText} says it. */
  value: string;
  onChange: (value: string) => void;
  /** The event at that time; publication when left out. */
  label?: string;
  problem?: string | null;
  isDisabled?: boolean;
}

const minuteMs = 60_000;

/** A day and a time to come, in the time zone of the user. */
export function WhenField({ value, onChange, label, problem = null, isDisabled = false }: WhenFieldProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const now = Date.now();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label ?? t("publish.at")}
      </label>
      <input
        id={id}
        type="datetime-local"
        value={value}
        min={localText(now + minuteMs)}
        disabled={isDisabled}
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== null}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-11 w-full rounded-lg border border-line bg-surface px-3 py-2.5 text-base text-ink hover:border-soft"
      />
      <p id={`${id}-hint`} className={problem === null ? "text-xs text-soft" : "text-sm text-bad"}>
        {problem ?? t("publish.zone", { zone: zoneName(i18n.language, now) })}
      </p>
    </div>
  );
}
