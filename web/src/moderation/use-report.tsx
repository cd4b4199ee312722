import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useMe } from "../api/queries.ts";
import { lazySheet } from "../ui/lazy-part.tsx";
import type { Reported } from "./report-sheet.tsx";

const ReportSheet = lazySheet(() => import("./report-sheet.tsx"), "ReportSheet", "admin");

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
  const sheet = isOpen && <ReportSheet thing={thing} onClose={() => setOpen(false)} />;
  return { report, sheet };
}
