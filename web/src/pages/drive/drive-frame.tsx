import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { TabLink, TabLinks } from "#base/ui/buttons/tabbed.tsx";
import { SearchBox } from "#base/ui/fields/search-box.tsx";
import { MeSkeleton } from "#base/ui/states/me-skeleton.tsx";
import { State } from "#base/ui/states/states.tsx";
import { BoxDrawing } from "./entries/drawings.tsx";
import { ImportRows } from "./transfer/import-rows.tsx";
import { QuotaBar } from "./transfer/quota-bar.tsx";

/** The frame of every page of the drive: its parts, the search, the space that is left. */
export function DriveFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const q = useRouterState({ select: ({ location }) => new URLSearchParams(location.searchStr).get("q") ?? "" });
  if (me === null) {
    return (
      <State drawing={<BoxDrawing />} title={t("drive.title")} text={t("drive.login.text")}>
        <LinkButton to="/login" search={{ next: path }}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={{ next: path }}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  }
  return (
    <div className="mx-auto flex min-h-[calc(100dvh-var(--bar)-4rem)] max-w-7xl flex-col px-4 py-2 sm:min-h-dvh sm:px-6 sm:py-5">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="sr-only">{t("drive.title")}</h1>
        <TabLinks label={t("drive.parts")} className="max-w-full">
          <TabLink
            to="/drive"
            activeOptions={{ exact: true }}
            {...(path.startsWith("/drive/folder/") && { "aria-current": "page" })}
          >
            {t("drive.files")}
          </TabLink>
          <TabLink to="/drive/recent">{t("drive.recent")}</TabLink>
          <TabLink to="/drive/trash">{t("drive.trash")}</TabLink>
        </TabLinks>
        <NameSearch key={q} given={q} />
        <div className="w-full sm:ms-auto sm:w-44">
          <QuotaBar />
        </div>
      </div>
      {me === undefined ? (
        <MeSkeleton className="mt-6 h-80" />
      ) : (
        <>
          <ImportRows />
          {children}
        </>
      )}
    </div>
  );
}

function NameSearch({ given }: { given: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState(given);
  const show = (q: string) => void navigate({ to: "/drive", search: q === "" ? {} : { q } });
  return (
    <search className="min-w-40 flex-1">
      <SearchBox
        label={t("drive.search")}
        value={text}
        charactersMax={255}
        onChange={setText}
        onSubmit={(typed) => show(typed.trim())}
        onClear={() => show("")}
      />
    </search>
  );
}
