import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { Report } from "#base/api/types.ts";
import { charactersIn } from "#base/text/characters.ts";
import { Button, buttonClass } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { myReportsQuery } from "./queries.ts";

const reasons = [
  "spam",
  "harassment",
  "hate",
  "violence",
  "sexual",
  "child_safety",
  "self_harm",
  "misinformation",
  "copyright",
  "privacy",
  "impersonation",
  "other",
] as const satisfies readonly Report["reason"][];

const textMax = 1_000;

export interface Reported {
  readonly kind: Report["kind"];
  readonly id: number;
}

/** Reports something, and says what comes next. */
export function ReportSheet({ thing, onClose }: { thing: Reported; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<Report["reason"]>("spam");
  const [text, setText] = useState("");
  const [isSent, setSent] = useState(false);
  const { run, isBusy, problem } = useAction(
    async () => {
      await ask("moderation.report", { body: { ...thing, reason, text } });
      setSent(true);
    },
    { changes: [myReportsQuery.queryKey] },
  );
  if (isSent)
    return (
      <Sheet title={t("report.thanks")} isOpen onClose={onClose}>
        <p role="status" className="text-base text-soft">
          {t("report.next")}
        </p>
        <div className="mt-5 flex flex-wrap gap-3">
          <Link to="/reports" className={buttonClass("plain", "flex-1")} onClick={onClose}>
            {t("report.mine")}
          </Link>
          <Button look="main" className="flex-1" onPress={onClose} autoFocus>
            {t("report.done")}
          </Button>
        </div>
      </Sheet>
    );
  return (
    <Sheet title={t("report.title")} isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Select
          label={t("report.why")}
          value={reason}
          onChange={setReason}
          options={reasons.map((value) => ({ value, name: t(`reason.${value}`) }))}
        />
        <Field label={t("report.text")} rows={3} value={text} onChange={setText} charactersMax={textMax} />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button look="main" isBusy={isBusy} isDisabled={charactersIn(text) > textMax} onPress={() => void run()}>
          {t("report.send")}
        </Button>
      </div>
    </Sheet>
  );
}
