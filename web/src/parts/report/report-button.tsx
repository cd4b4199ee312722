import { Flag } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import type { Reported } from "./report-sheet.tsx";
import { useReport } from "./use-report.tsx";

interface ReportButtonProps {
  thing: Reported;
  /** How it looks among others; a button of its own when left out. */
  className?: string;
  /** A small picture alone, its words for screen readers: where there would be one in every row. */
  isSmall?: boolean;
}

/** Reports another user's content. */
export function ReportButton({ thing, className, isSmall = false }: ReportButtonProps) {
  const { t } = useTranslation();
  const { report, sheet } = useReport(thing);
  const inside = (
    <>
      <Flag size={isSmall ? 14 : className === undefined ? 18 : 20} aria-hidden />
      {isSmall ? <span className="sr-only">{t("action.report")}</span> : t("action.report")}
    </>
  );
  return (
    <>
      {className === undefined ? (
        <Button onPress={report}>{inside}</Button>
      ) : (
        <button type="button" className={className} onClick={report}>
          {inside}
        </button>
      )}
      {sheet}
    </>
  );
}
