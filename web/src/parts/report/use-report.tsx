import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { Reported } from "./report-sheet.tsx";

const ReportSheet = lazySheet(() => import("./report-sheet.tsx"), "ReportSheet", "admin");

/** The way to report another user's content, and the sheet it opens; visitors log in first. */
export function useReport(thing: Reported): { report: () => void; sheet: ReactNode } {
  const me = useMe();
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const report = async () => {
    if (me !== null || (await logInFor(t("report.loginFirst")))) setOpen(true);
  };
  const sheet = isOpen && <ReportSheet thing={thing} onClose={() => setOpen(false)} />;
  return { report: () => void report(), sheet };
}
