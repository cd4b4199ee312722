import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { TabLink, TabLinks } from "#base/ui/buttons/tabbed.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { MeSkeleton } from "#base/ui/states/me-skeleton.tsx";
import { NotFoundPage } from "#parts/shell/not-found-page.tsx";
import { useAdminParts } from "./admin-items.tsx";

interface AdminFrameProps {
  title: string;
  /** Else for administrators alone. */
  forModerators?: boolean;
  /** It has two columns or more where there is room. */
  isWide?: boolean;
  children: ReactNode;
}

/** The frame of every page of administration: its parts, as far as the viewer may see them. */
export function AdminFrame({ title, forModerators = false, isWide = false, children }: AdminFrameProps) {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(title);
  const parts = useAdminParts();
  const isAdmin = me?.role === "admin";
  const isAllowed = isAdmin || (forModerators && me?.role === "moderator");
  // To everybody else there is nothing here.
  if (me === null || (me !== undefined && !isAllowed)) return <NotFoundPage />;
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5 px-4 py-4 sm:px-8 sm:py-6">
      {/* Wider screens have the list at the side. */}
      <TabLinks label={t("admin.title")} className="-mx-4 px-4 sm:hidden">
        <TabLink to="/me" aria-label={t("admin.back")}>
          <ArrowLeft size={18} aria-hidden className="rtl:-scale-x-100" />
        </TabLink>
        {parts.map(({ to, text }) => (
          <TabLink key={to} to={to} activeOptions={{ exact: to === "/admin" }}>
            {t(text)}
          </TabLink>
        ))}
      </TabLinks>
      <h1 className="text-2xl font-semibold">{title}</h1>
      {/* Every page begins at the same edge, wide or not. */}
      <div className={classNames("flex flex-col gap-5", !isWide && "max-w-4xl")}>
        {me === undefined ? <MeSkeleton className="h-40 w-full rounded-xl" /> : children}
      </div>
    </div>
  );
}
