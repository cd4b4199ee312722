import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Input } from "react-aria-components/Input";
import { SearchField } from "react-aria-components/SearchField";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import { LinkButton } from "../ui/button.tsx";
import { State } from "../ui/states.tsx";
import { BoxDrawing } from "./drawings.tsx";
import { ImportRows } from "./import-rows.tsx";
import { QuotaBar } from "./quota-bar.tsx";

const tabClass =
  "inline-flex min-h-11 shrink-0 items-center rounded-full px-3.5 font-medium text-soft hover:bg-raised hover:text-ink data-[status=active]:bg-raised data-[status=active]:text-ink";

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
        <nav aria-label={t("drive.parts")} className="-mx-1 flex max-w-full overflow-x-auto">
          <Link
            to="/drive"
            className={tabClass}
            activeOptions={{ exact: true }}
            {...(path.startsWith("/drive/folder/") && { "data-status": "active" })}
          >
            {t("drive.files")}
          </Link>
          <Link to="/drive/recent" className={tabClass}>
            {t("drive.recent")}
          </Link>
          <Link to="/drive/trash" className={tabClass}>
            {t("drive.trash")}
          </Link>
        </nav>
        <SearchBox key={q} given={q} />
        <div className="w-full sm:ms-auto sm:w-44">
          <QuotaBar />
        </div>
      </div>
      {me === undefined ? (
        <div className="skeleton mt-6 h-80" aria-busy />
      ) : (
        <>
          <ImportRows />
          {children}
        </>
      )}
    </div>
  );
}

function SearchBox({ given }: { given: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState(given);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const q = text.trim();
    void navigate({ to: "/drive", search: q === "" ? {} : { q } });
  };
  const clear = () => {
    setText("");
    void navigate({ to: "/drive", search: {} });
  };
  return (
    <form role="search" onSubmit={submit} className="min-w-40 flex-1">
      <SearchField
        aria-label={t("drive.search")}
        value={text}
        onChange={setText}
        onClear={clear}
        className="group relative flex items-center"
      >
        <Search size={18} aria-hidden className="absolute start-3 text-soft" />
        <Input
          placeholder={t("drive.search")}
          maxLength={255}
          className="min-h-11 w-full rounded-full bg-raised pe-11 ps-10 text-base placeholder:text-soft [&::-webkit-search-cancel-button]:hidden"
        />
        <Button className="absolute end-0 grid size-11 place-items-center rounded-full text-soft group-data-[empty]:hidden">
          <X size={18} aria-hidden />
        </Button>
      </SearchField>
    </form>
  );
}
