import { useState } from "react";
import { useTranslation } from "react-i18next";
import { charactersIn } from "#base/text/characters.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import type { Act } from "#parts/report/queries.ts";

export interface Verdict {
  action: Act;
  note: string;
  /** The rule that was broken. */
  rule?: string;
  until?: string;
}
interface DecideSheetProps {
  title: string;
  acts: readonly Act[];
  /** The note of an earlier decision, for both sides. */
  note?: string;
  onDecide: (verdict: Verdict) => Promise<unknown>;
  onClose: () => void;
}

const dayMs = 86_400_000;
const ends = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
type End = keyof typeof ends | "open";

export const noteMax = 500;

/** The decision, its reason and its end. */
export function DecideSheet({ title, acts, note: begun = "", onDecide, onClose }: DecideSheetProps) {
  const { t } = useTranslation();
  const [action, setAction] = useState<Act>(acts[0] ?? "warn");
  const [note, setNote] = useState(begun);
  const [end, setEnd] = useState<End>("week");
  const hasEnd = action === "suspend" || action === "mute";
  const choices: readonly End[] = action === "suspend" ? ["day", "week", "month"] : ["day", "week", "month", "open"];
  const chosen = choices.includes(end) ? end : "week";
  const {
    run: decide,
    isBusy,
    problem,
  } = useAction(async () => {
    const until = hasEnd && chosen !== "open" ? new Date(Date.now() + ends[chosen]).toISOString() : undefined;
    await onDecide({ action, note, ...(until !== undefined && { until }) });
    onClose();
  });
  return (
    <Sheet title={title} isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Select
          label={t("cases.decide.what")}
          value={action}
          onChange={setAction}
          options={acts.map((value) => ({ value, name: t(`act.${value}`) }))}
        />
        {hasEnd && (
          <Select
            label={t("cases.until")}
            value={chosen}
            onChange={setEnd}
            options={choices.map((value) => ({ value, name: t(`cases.until.${value}`) }))}
          />
        )}
        <Field label={t("cases.why")} rows={3} value={note} onChange={setNote} charactersMax={noteMax} />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button
          look={action === "dismiss" ? "main" : "danger"}
          isBusy={isBusy}
          isDisabled={charactersIn(note) > noteMax}
          onPress={() => void decide()}
        >
          {t("cases.decide")}
        </Button>
      </div>
    </Sheet>
  );
}
