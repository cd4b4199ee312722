import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import { NotFoundPage } from "../shell/not-found-page.tsx";
import { useTitle } from "../shell/use-title.ts";

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
  const isAdmin = me?.role === "admin";
  const isAllowed = isAdmin || (forModerators && me?.role === "moderator");
  // To everybody else there is nothing here.
  if (me === null || (me !== undefined && !isAllowed)) return <NotFoundPage />;
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-4 sm:px-8 sm:py-8">
      <nav aria-label={t("admin.title")} className="-mx-1 flex max-w-full overflow-x-auto sm:flex-wrap">
        {isAdmin && (
          <Link to="/admin" activeOptions={{ exact: true }} className={tabClass}>
            {t("admin.overview")}
          </Link>
        )}
        <Link to="/moderation" className={tabClass}>
          {t("cases.title")}
        </Link>
        <Link to="/admin/accounts" className={tabClass}>
          {t("admin.accounts")}
        </Link>
        <Link to="/admin/videos" className={tabClass}>
          {t("admin.videos")}
        </Link>
        {isAdmin &&
          (["words", "audit", "deletions", "storage", "media"] as const).map((part) => (
            <Link key={part} to={`/admin/${part}`} className={tabClass}>
              {t(`admin.${part}`)}
            </Link>
          ))}
      </nav>
      <h1 className="text-2xl font-semibold">{title}</h1>
      {me === undefined ? <div aria-busy className="skeleton h-40 w-full rounded-xl" /> : children}
    </div>
  );
}
