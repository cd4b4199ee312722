import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { searchFilesQuery } from "#parts/search/queries.ts";
import { FileRows, FilesSkeleton } from "./file-results.tsx";
import { Paged } from "./paged.tsx";

/** The viewer's own files with the words of a search in their names. */
export const FileTab = ({ q }: { q: string }) => (useMe() === null ? <SignIn q={q} /> : <Files q={q} />);

function Files({ q }: { q: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(searchFilesQuery(q));
  const results = query.data?.pages.flatMap((page) => page.list);
  const nothing = (
    <State
      isPart
      drawing={<ShelfDrawing />}
      title={t("search.nothing.title", { q })}
      text={t("search.files.nothing")}
    />
  );
  return (
    <Paged q={q} query={query} count={results?.length} skeleton={<FilesSkeleton />} nothing={nothing}>
      <FileRows files={results ?? []} />
    </Paged>
  );
}

function SignIn({ q }: { q: string }) {
  const { t } = useTranslation();
  const next = `/search?${new URLSearchParams({ q, tab: "files" }).toString()}`;
  return (
    <State isPart drawing={<ShelfDrawing />} title={t("search.tab.files")} text={t("search.files.signIn")}>
      <LinkButton to="/login" search={{ next }}>
        {t("nav.login")}
      </LinkButton>
    </State>
  );
}
