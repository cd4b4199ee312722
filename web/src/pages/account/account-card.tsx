import { Link } from "@tanstack/react-router";
import { ChevronDown, Globe } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { languages, setLanguage } from "#base/i18n/i18n.ts";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { SiteIcon } from "#parts/shell/logo.tsx";

/** A page that lets people in: nothing but the icon, a heading, the form, and the language. */
export function AccountCard({
  title,
  text,
  children,
  foot,
  head,
}: {
  title: string;
  text?: string;
  children: ReactNode;
  foot?: ReactNode;
  /** Above the heading. */
  head?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="flex min-h-dvh flex-col sm:items-center sm:justify-center sm:py-8">
      <div className="animate-rise w-full max-w-md flex-1 px-6 pt-[calc(2rem+env(safe-area-inset-top))] pb-6 sm:flex-none sm:rounded-2xl sm:bg-surface sm:p-8">
        <div className="mb-4 flex items-center justify-between">
          <Link to="/" aria-label={t("nav.home")} className="rounded-xl">
            <SiteIcon size={48} />
          </Link>
          <LanguageMenu />
        </div>
        {head}
        <h1 className="text-2xl font-semibold">{title}</h1>
        {text !== undefined && <p className="mt-1 text-base text-pretty text-soft">{text}</p>}
        <div className="mt-7">{children}</div>
      </div>
      {foot !== undefined && (
        <p className="flex w-full flex-wrap items-center justify-center gap-x-2 border-t border-line px-6 pt-2 pb-[calc(0.5rem+env(safe-area-inset-bottom))] text-base text-soft sm:mt-4 sm:border-t-0">
          {foot}
        </p>
      )}
    </div>
  );
}

/** The language, for who cannot read the page yet. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  const current = languages.find(({ code }) => code === i18n.language) ?? languages[0];
  return (
    <MoreMenu
      label={`${t("settings.language")}: ${current.name}`}
      className="flex min-h-11 items-center gap-2 rounded-lg px-2 font-medium text-soft hover:text-ink"
      actions={languages.map(({ code, name }) => ({ id: code, text: name, run: () => void setLanguage(code) }))}
    >
      <Globe size={16} aria-hidden />
      {current.name}
      <ChevronDown size={16} aria-hidden />
    </MoreMenu>
  );
}
