import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../shell/use-title.ts";
import { Button, LinkButton } from "../ui/button.tsx";
import { chipClass } from "../ui/chips.ts";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { LoadMore, type Paging } from "../ui/load-more.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { TabLink, TabLinks } from "../ui/tabbed.tsx";
import { Discover } from "./discover.tsx";
import {
  searchQuery,
  searchTagsQuery,
  searchUsersQuery,
  type Period,
  searchVideosQuery,
  type VideoSort,
} from "./queries.ts";
import { PeopleList, RowsSkeleton, TagList, VideoRows } from "./results.tsx";
import { SearchField } from "./search-field.tsx";
import { TrendingTags } from "./trending-tags.tsx";

/** One address has all of the tabs and orders. */
const exactly = { exact: true, includeSearch: true };

export function SearchPage() {
  const { t } = useTranslation();
  const { q = "", tab = "all", sort = "relevance", period } = useSearch({ from: "/search" });
  useTitle(q === "" ? t("nav.search") : q);
  const router = useRouter();
  // Who came by a link has nothing to go back to.
  const leave = () => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: "/explore" }));
  return (
    <div className="mx-auto max-w-6xl px-4 py-3 sm:px-6 sm:py-4">
      <div className="mb-4 flex items-center gap-2 sm:hidden">
        <SearchField isFocused={q === ""} hint={t("search.hint")} />
        {q === "" && (
          <Button look="ghost" className="-me-2 shrink-0" onPress={leave}>
            {t("search.cancel")}
          </Button>
        )}
      </div>
      {q === "" ? (
        <>
          <h1 className="sr-only">{t("nav.search")}</h1>
          <Discover />
        </>
      ) : (
        <>
          <h1 className="sr-only">{t("search.results", { q })}</h1>
          <TabLinks label={t("search.kinds")}>
            {(["all", "videos", "people", "tags"] as const).map((name) => (
              <TabLink
                key={name}
                to="/search"
                search={{ q, ...(name !== "all" && { tab: name }) }}
                replace
                activeOptions={exactly}
                {...(name === tab && { "aria-current": "page" })}
              >
                {t(`search.tab.${name}`)}
              </TabLink>
            ))}
          </TabLinks>
          {tab === "all" && <All q={q} />}
          {tab === "videos" && <Videos q={q} sort={sort} period={period} />}
          {tab === "people" && <People q={q} />}
          {tab === "tags" && <Tags q={q} />}
        </>
      )}
    </div>
  );
}

/** Nothing was found: without the time that was chosen there may be something, and there is always what trends. */
function Nothing({ q, isNarrowed = false }: { q: string; isNarrowed?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <State
        isPart
        drawing={<ShelfDrawing />}
        title={t("search.nothing.title", { q })}
        text={t(isNarrowed ? "search.nothing.narrowed" : "search.nothing.text")}
      >
        {isNarrowed && (
          <LinkButton look="inverse" to="/search" search={{ q, tab: "videos" }} replace>
            {t("search.period.any")}
          </LinkButton>
        )}
      </State>
      <TrendingTags />
    </>
  );
}

function All({ q }: { q: string }) {
  const { t } = useTranslation();
  const { data, isPending, isRefetching, error, refetch } = useQuery(searchQuery(q));
  if (isPending) return <RowsSkeleton />;
  if (data === undefined) return <ErrorState error={error} isRetrying={isRefetching} onRetry={() => void refetch()} />;
  const { videos, users, hashtags } = data;
  if (videos.list.length + users.list.length + hashtags.list.length === 0) return <Nothing q={q} />;
  return (
    <div className="flex flex-col gap-6">
      {users.list.length > 0 && (
        <Section title={t("search.tab.people")} q={q} more={users.list.length > 3 ? "people" : null}>
          <PeopleList people={users.list.slice(0, 3)} by={q} />
        </Section>
      )}
      {hashtags.list.length > 0 && (
        <Section title={t("search.tab.tags")} q={q} more={hashtags.has_more ? "tags" : null}>
          <TagList tags={hashtags.list.slice(0, 8)} by={q} />
        </Section>
      )}
      {videos.list.length > 0 && (
        <Section title={t("search.tab.videos")} q={q} more={videos.has_more ? "videos" : null}>
          <VideoRows videos={videos.list} by={q} />
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

interface VideosProps {
  q: string;
  sort: VideoSort;
  period: Period | undefined;
}

function Videos({ q, sort, period }: VideosProps) {
  const query = useInfiniteQuery(searchVideosQuery(q, sort, period));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <>
      <Filters {...{ q, sort, period }} />
      <Paged q={q} query={query} count={results?.length} isNarrowed={period !== undefined}>
        <VideoRows videos={results ?? []} by={q} />
      </Paged>
    </>
  );
}

/** One line: how old the videos may be, and at its end their order. */
function Filters({ q, sort, period }: VideosProps) {
  const { t } = useTranslation();
  const link = (
    key: string,
    text: string,
    isChosen: boolean,
    choice: { sort: VideoSort; period: Period | undefined },
  ) => (
    <Link
      key={key}
      to="/search"
      search={{
        q,
        tab: "videos",
        ...(choice.sort !== "relevance" && { sort: choice.sort }),
        ...(choice.period && { period: choice.period }),
      }}
      replace
      activeOptions={exactly}
      className={chipClass(isChosen)}
      {...(isChosen && { "aria-current": "true" as const })}
    >
      {text}
    </Link>
  );
  return (
    <div className="mb-4 flex justify-between gap-6 overflow-x-auto py-1 [scrollbar-width:none]">
      <nav aria-label={t("search.period")} className="flex gap-2">
        {[undefined, "day" as const, "week" as const, "month" as const, "year" as const].map((name) =>
          link(name ?? "any", t(`search.period.${name ?? "any"}`), name === period, { sort, period: name }),
        )}
      </nav>
      <nav aria-label={t("search.order")} className="flex gap-2">
        {(["relevance", "new", "hot"] as const).map((name) =>
          link(name, t(`search.sort.${name}`), name === sort, { sort: name, period }),
        )}
      </nav>
    </div>
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
  /** Not all times were searched. */
  isNarrowed?: boolean;
  children: ReactNode;
}

function Paged({ q, query, count, isNarrowed = false, children }: PagedProps) {
  if (query.isPending) return <RowsSkeleton />;
  if (count === undefined)
    return <ErrorState error={query.error} isRetrying={query.isRefetching} onRetry={() => void query.refetch()} />;
  if (count === 0) return <Nothing q={q} isNarrowed={isNarrowed} />;
  return (
    <>
      {children}
      <LoadMore query={query} className="mt-6" />
    </>
  );
}
