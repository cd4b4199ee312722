import { Link, useNavigate } from "@tanstack/react-router";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { tabClass, tabRowClass } from "#base/ui/buttons/tabbed.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { MeSkeleton } from "#base/ui/states/me-skeleton.tsx";
import { State } from "#base/ui/states/states.tsx";

const tabs = [
  { name: "content", to: "/studio" },
  { name: "analytics", to: "/studio/analytics" },
  { name: "comments", to: "/studio/comments" },
  { name: "playlists", to: "/studio/playlists" },
] as const;
type StudioTab = (typeof tabs)[number]["name"];

interface StudioFrameProps {
  tab: StudioTab;
  /** The address of the page, to come back to after the log-in. */
  next?: string;
  children: (me: User) => ReactNode;
}

/** The frame of the studio's pages: its tabs, each with an address of its own. A visitor is offered the ways in. */
export function StudioFrame({ tab, next, children }: StudioFrameProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  useTitle(t("nav.studio"));
  if (me === null) {
    const back = { next: next ?? tabs.find(({ name }) => name === tab)?.to ?? "/studio" };
    return (
      <State drawing={<ShelfDrawing />} title={t("nav.studio")} text={t("my.login.text")}>
        <LinkButton to="/login" search={back}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={back}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  }
  const step = ({ key }: KeyboardEvent) => {
    const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const at = tabs.findIndex(({ name }) => name === tab);
    const target = tabs[(at + by + tabs.length) % tabs.length];
    if (by === 0 || target === undefined) return;
    document.getElementById(`studio-${target.name}`)?.focus();
    void navigate({ to: target.to });
  };
  return (
    <div className="mx-auto max-w-7xl px-4 py-3 sm:px-6 sm:py-5">
      <h1 className="mb-1 text-xl font-semibold sm:mb-2 sm:text-2xl">{t("nav.studio")}</h1>
      <div role="tablist" aria-label={t("nav.studio")} className={classNames("mb-3", tabRowClass)} onKeyDown={step}>
        {tabs.map(({ name, to }) => (
          <Link
            key={name}
            to={to}
            activeOptions={{ exact: true, includeSearch: false }}
            id={`studio-${name}`}
            role="tab"
            aria-selected={tab === name}
            aria-controls="studio-panel"
            tabIndex={tab === name ? 0 : -1}
            className={tabClass}
          >
            {t(`studio.tab.${name}`)}
          </Link>
        ))}
      </div>
      <div role="tabpanel" id="studio-panel" aria-labelledby={`studio-${tab}`}>
        {me === undefined ? <MeSkeleton className="h-60 rounded-xl!" /> : children(me)}
      </div>
    </div>
  );
}
