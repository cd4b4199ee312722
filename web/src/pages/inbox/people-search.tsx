import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { SearchBox } from "#base/ui/fields/search-box.tsx";
import { useSettled } from "#base/ui/fields/use-settled.ts";
import { ErrorState } from "#base/ui/states/states.tsx";
import { searchUsersQuery } from "#parts/search/queries.ts";
import { RowsSkeleton } from "./conversation-list.tsx";

const searchId = "inbox-people";
/** Goes to the search for people, which is where a new conversation begins. */
export const focusPeopleSearch = (): void => document.getElementById(searchId)?.querySelector("input")?.focus();

/** A search for people to write to; its results take the place of the list below while something is typed. */
export function PeopleSearch({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim());
  return (
    <>
      <search id={searchId} className="mb-3 block">
        <SearchBox label={t("inbox.search")} value={typed} charactersMax={60} onChange={setTyped} />
      </search>
      {q === "" ? children : <Found q={q} />}
    </>
  );
}

function Found({ q }: { q: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const query = useInfiniteQuery({ ...searchUsersQuery(q), placeholderData: (before) => before });
  if (query.isPending) return <RowsSkeleton />;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const people = query.data.pages.flatMap((page) => page.list).filter(({ id }) => id !== me?.id);
  if (people.length === 0) return <p className="px-2 py-4 text-soft">{t("inbox.notFound", { q })}</p>;
  return (
    <ul aria-label={t("inbox.found")} className="flex flex-col gap-1">
      {people.map((person) => (
        <li key={person.id}>
          <Link
            to="/inbox/to/$username"
            params={{ username: person.username }}
            className="flex min-h-14 items-center gap-3 rounded-lg px-2 py-1.5 hover:bg-raised"
          >
            <Avatar user={person} size="medium" />
            <span className="min-w-0">
              <bdi className="block truncate font-medium">{person.nickname || person.username}</bdi>
              <span className="block truncate text-sm text-soft">@{person.username}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
