import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../shell/use-title.ts";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { LoadMore, type Paging } from "../ui/load-more.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { Discover } from "./discover.tsx";
import { searchQuery, searchTagsQuery, searchUsersQuery, searchVideosQuery, type VideoSort } from "./queries.ts";
import { GridSkeleton, PeopleList, TagList, VideoGrid } from "./results.tsx";
import { SearchField } from "./search-field.tsx";
import { Tabs } from "./tabs.tsx";

export function SearchPage() {
  const { t } = useTranslation();
  const { q = "", tab = "all", sort = "relevance" } = useSearch({ from: "/search" });
  useTitle(q === "" ? t("nav.search") : q);
  return (
    <div className="mx-auto max-w-5xl px-4 py-3 sm:px-8 sm:py-8">
      <div className="mb-4 lg2:hidden">
        <SearchField isFocused={q === ""} />
      </div>
      {q === "" ? (
        <Discover />
      ) : (
        <>
          <h1 className="mb-3 text-xl font-semibold break-words">{t("search.results", { q })}</h1>
          <Tabs
            label={t("search.kinds")}
            tabs={(["all", "videos", "people", "tags"] as const).map((name) => ({
              name: t(`search.tab.${name}`),
              search: { q, ...(name !== "all" && { tab: name }) },
              isCurrent: name === tab,
            }))}
          />
          {tab === "all" && <All q={q} />}
          {tab === "videos" && <Videos q={q} sort={sort} />}
          {tab === "people" && <People q={q} />}
          {tab === "tags" && <Tags q={q} />}
        </>
      )}
    </div>
  );
}

function Nothing({ q }: { q: string }) {
  const { t } = useTranslation();
  return <State drawing={<ShelfDrawing />} title={t("search.nothing.title", { q })} text={t("search.nothing.text")} />;
}

function All({ q }: { q: string }) {
  const { t } = useTranslation();
  const { data, isPending, isRefetching, error, refetch } = useQuery(searchQuery(q));
  if (isPending) return <GridSkeleton />;
  if (data === undefined) return <ErrorState error={error} isRetrying={isRefetching} onRetry={() => void refetch()} />;
  const { videos, users, hashtags } = data;
  if (videos.list.length + users.list.length + hashtags.list.length === 0) return <Nothing q={q} />;
  return (
    <div className="flex flex-col gap-8">
      {users.list.length > 0 && (
        <Section title={t("search.tab.people")} q={q} more={users.list.length > 4 ? "people" : null}>
          <PeopleList people={users.list.slice(0, 4)} by={q} />
        </Section>
      )}
      {hashtags.list.length > 0 && (
        <Section title={t("search.tab.tags")} q={q} more={hashtags.has_more ? "tags" : null}>
          <TagList tags={hashtags.list.slice(0, 8)} by={q} />
        </Section>
      )}
      {videos.list.length > 0 && (
        <Section title={t("search.tab.videos")} q={q} more={videos.has_more ? "videos" : null}>
          <VideoGrid videos={videos.list} by={q} />
        </Section>
      )}
    </div>
  );
}

interface SectionProps {
  title: string;
  q: string;
  more: "videos" | "people" | "tags" | null;
  children: ReactNode;
}

function Section({ title, q, more, children }: SectionProps) {
  const { t } = useTranslation();
  return (
    <section>
      <div className="mb-2 flex min-h-11 items-center justify-between gap-3">
        <h2 className="text-base font-semibold">{title}</h2>
        {more !== null && (
          <Link
            to="/search"
            search={{ q, tab: more }}
            className="inline-flex min-h-11 items-center text-sm font-medium text-accent-strong hover:underline"
          >
            {t("search.showAll")}
            <span className="sr-only">: {title}</span>
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}

function Videos({ q, sort }: { q: string; sort: VideoSort }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(searchVideosQuery(q, sort));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <>
      <Tabs
        label={t("search.order")}
        isQuiet
        tabs={(["relevance", "new", "hot"] as const).map((name) => ({
          name: t(`search.sort.${name}`),
          search: { q, tab: "videos", ...(name !== "relevance" && { sort: name }) },
          isCurrent: name === sort,
        }))}
      />
      <Paged q={q} query={query} count={results?.length}>
        <VideoGrid videos={results ?? []} by={q} />
      </Paged>
    </>
  );
}

function People({ q }: { q: string }) {
  const query = useInfiniteQuery(searchUsersQuery(q));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <Paged q={q} query={query} count={results?.length}>
      <PeopleList people={results ?? []} by={q} />
    </Paged>
  );
}

function Tags({ q }: { q: string }) {
  const query = useInfiniteQuery(searchTagsQuery(q));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <Paged q={q} query={query} count={results?.length}>
      <TagList tags={results ?? []} by={q} />
    </Paged>
  );
}

interface PagedProps {
  q: string;
  query: Paging & { isPending: boolean; isRefetching: boolean; refetch: () => unknown };
  /** How many there are so far; undefined while nothing is known. */
  count: number | undefined;
  children: ReactNode;
}

function Paged({ q, query, count, children }: PagedProps) {
  if (query.isPending) return <GridSkeleton />;
  if (count === undefined)
    return <ErrorState error={query.error} isRetrying={query.isRefetching} onRetry={() => void query.refetch()} />;
  if (count === 0) return <Nothing q={q} />;
  return (
    <>
      {children}
      <LoadMore query={query} className="mt-6" />
    </>
  );
}
