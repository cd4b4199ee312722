import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Flag } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import { loadTexts } from "../i18n/i18n.ts";
import { Button } from "../ui/button.tsx";
import type { Reported } from "./report-sheet.tsx";

const ReportSheet = lazy(async () => {
  const [{ ReportSheet: Sheet }] = await Promise.all([import("./report-sheet.tsx"), loadTexts("admin")]);
  return { default: Sheet };
});

interface ReportButtonProps {
  thing: Reported;
  /** How it looks among others; a button of its own when left out. */
  className?: string;
  /** A small picture alone, its words for screen readers: where there would be one in every row. */
  isSmall?: boolean;
}

/** Reports another user's content; strangers are asked to sign in first. */
export function ReportButton({ thing, className, isSmall = false }: ReportButtonProps) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [isOpen, setOpen] = useState(false);
  const press = () => {
    if (me === null) void navigate({ to: "/login", search: { next: path } });
    else setOpen(true);
  };
  const inside = (
    <>
      <Flag size={isSmall ? 14 : className === undefined ? 18 : 20} aria-hidden />
      {isSmall ? <span className="sr-only">{t("action.report")}</span> : t("action.report")}
    </>
  );
  return (
    <>
      {className === undefined ? (
        <Button onPress={press}>{inside}</Button>
      ) : (
        <button type="button" className={className} onClick={press}>
          {inside}
        </button>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <ReportSheet thing={thing} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
