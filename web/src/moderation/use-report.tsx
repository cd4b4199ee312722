import { useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useMe } from "../api/queries.ts";
import { loadTexts } from "../i18n/i18n.ts";
import type { Reported } from "./report-sheet.tsx";

const ReportSheet = lazy(async () => {
  const [{ ReportSheet: Sheet }] = await Promise.all([import("./report-sheet.tsx"), loadTexts("admin")]);
  return { default: Sheet };
});

/** The way to report another user's content, and the sheet it opens; strangers are asked to sign in first. */
export function useReport(thing: Reported): { report: () => void; sheet: ReactNode } {
  const me = useMe();
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [isOpen, setOpen] = useState(false);
  const report = () => {
    if (me === null) void navigate({ to: "/login", search: { next: path } });
    else setOpen(true);
  };
  const sheet = isOpen && (
    <Suspense fallback={null}>
      <ReportSheet thing={thing} onClose={() => setOpen(false)} />
    </Suspense>
  );
  return { report, sheet };
}
