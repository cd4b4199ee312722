import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import { NotFoundPage } from "../shell/not-found-page.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useAdminParts } from "./admin-items.tsx";

const tabClass =
  "inline-flex min-h-11 shrink-0 items-center rounded-full px-3.5 font-medium text-soft hover:bg-raised hover:text-ink data-[status=active]:bg-raised data-[status=active]:text-ink";

interface AdminFrameProps {
  title: string;
  /** Else for administrators alone. */
  forModerators?: boolean;
  children: ReactNode;
}

/** The frame of every page of administration: its parts, as far as the viewer may see them. */
export function AdminFrame({ title, forModerators = false, children }: AdminFrameProps) {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(title);
  const parts = useAdminParts();
  const isAdmin = me?.role === "admin";
  const isAllowed = isAdmin || (forModerators && me?.role === "moderator");
  // To everybody else there is nothing here.
  if (me === null || (me !== undefined && !isAllowed)) return <NotFoundPage />;
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-4 sm:px-8 sm:py-6">
      {/* Wider screens have the list at the side. */}
      <nav
        aria-label={t("admin.title")}
        className="-mx-4 flex gap-1 overflow-x-auto px-4 [scrollbar-width:none] sm:hidden"
      >
        <Link to="/me" aria-label={t("admin.back")} className={tabClass}>
          <ArrowLeft size={18} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        {parts.map(({ to, text }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/admin" }} className={tabClass}>
            {t(text)}
          </Link>
        ))}
      </nav>
      <h1 className="text-2xl font-semibold">{title}</h1>
      {me === undefined ? <div aria-busy className="skeleton h-40 w-full rounded-xl" /> : children}
    </div>
  );
}
