import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { TabLink, TabLinks } from "#base/ui/buttons/tabbed.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import {
  searchLivesQuery,
  searchQuery,
  searchTagsQuery,
  searchUsersQuery,
  searchVideosQuery,
} from "#parts/search/queries.ts";
import { SearchField } from "#parts/search/search-field.tsx";
import type { VideoFilter } from "#parts/search/video-filter.ts";
import { DidYouMean } from "./did-you-mean.tsx";
import { Discover } from "./discover.tsx";
import { FileTab } from "./file-tab.tsx";
import { Nothing, Paged } from "./paged.tsx";
import { ResultCount } from "./result-count.tsx";
import { LiveGrid, PeopleList, RowsSkeleton, TagList, VideoRows } from "./results.tsx";
import { VideoFilters } from "./video-filters.tsx";

/** One address has all of the tabs and orders. */
const exactly = { exact: true, includeSearch: true };

export function SearchPage() {
  const { t } = useTranslation();
  const { q = "", tab = "all", ...filter } = useSearch({ from: "/search" });
  useTitle(q === "" ? t("nav.search") : q);
  const router = useRouter();
  const isSignedIn = useMe() !== null;
  // A visitor who came by a link has nothing to go back to.
  const leave = () => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: "/explore" }));
  // Visitors have no files.
  const tabs = (["all", "videos", "live", "people", "tags", "files"] as const).filter(
    (name) => isSignedIn || name !== "files",
  );
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
          <div className="mb-3 flex max-sm:flex-col">
            <TabLinks label={t("search.kinds")} className="min-w-0 sm:flex-1">
              {tabs.map((name) => (
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
            <ResultCount q={q} tab={tab} filter={filter} isSignedIn={isSignedIn} />
          </div>
          {tab === "all" && <All q={q} />}
          {tab === "videos" && <Videos q={q} filter={filter} />}
          {tab === "live" && <Lives q={q} />}
          {tab === "people" && <People q={q} />}
          {tab === "tags" && <Tags q={q} />}
          {tab === "files" && <FileTab q={q} />}
        </>
      )}
    </div>
  );
}

function All({ q }: { q: string }) {
  const { t } = useTranslation();
  const { data, isPending, isRefetching, error, refetch } = useQuery(searchQuery(q));
  if (isPending) return <RowsSkeleton />;
  if (data === undefined) return <ErrorState error={error} isRetrying={isRefetching} onRetry={() => void refetch()} />;
  const { videos, users, hashtags, lives, did_you_mean: corrected } = data;
  if (videos.list.length + users.list.length + hashtags.list.length + lives.list.length === 0)
    return (
      <>
        <DidYouMean corrected={corrected} hasResults={false} />
        <Nothing q={q} />
      </>
    );
  return (
    <>
      <DidYouMean corrected={corrected} hasResults />
      <div className="flex flex-col gap-6">
        {users.list.length > 0 && (
          <Section title={t("search.tab.people")} q={q} more={users.list.length > 3 ? "people" : null}>
            <PeopleList people={users.list.slice(0, 3)} q={q} />
          </Section>
        )}
        {hashtags.list.length > 0 && (
          <Section title={t("search.tab.tags")} q={q} more={hashtags.has_more ? "tags" : null}>
            <TagList tags={hashtags.list.slice(0, 8)} q={q} />
          </Section>
        )}
        {lives.list.length > 0 && (
          <Section title={t("live.now")} q={q} more={lives.has_more ? "live" : null}>
            <LiveGrid lives={lives.list.slice(0, 4)} />
          </Section>
        )}
        {videos.list.length > 0 && (
          <Section title={t("search.tab.videos")} q={q} more={videos.has_more ? "videos" : null}>
            <VideoRows videos={videos.list} q={q} />
          </Section>
        )}
      </div>
    </>
  );
}

interface SectionProps {
  title: string;
  q: string;
  more: "videos" | "live" | "people" | "tags" | null;
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

function Videos({ q, filter }: { q: string; filter: VideoFilter }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(searchVideosQuery(q, filter));
  const pages = query.data?.pages;
  const results = pages?.flatMap((page) => page.list);
  return (
    <>
      <VideoFilters filter={filter} />
      <DidYouMean corrected={pages?.[0]?.did_you_mean} hasResults={results !== undefined && results.length > 0} />
      <Paged q={q} query={query} count={results?.length} filter={filter}>
        <h2 className="sr-only">{t("search.tab.videos")}</h2>
        <VideoRows videos={results ?? []} q={q} />
      </Paged>
    </>
  );
}

function Lives({ q }: { q: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(searchLivesQuery(q));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <Paged q={q} query={query} count={results?.length}>
      <h2 className="sr-only">{t("live.now")}</h2>
      <LiveGrid lives={results ?? []} />
    </Paged>
  );
}

function People({ q }: { q: string }) {
  const query = useInfiniteQuery(searchUsersQuery(q));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <Paged q={q} query={query} count={results?.length}>
      <PeopleList people={results ?? []} q={q} />
    </Paged>
  );
}

function Tags({ q }: { q: string }) {
  const query = useInfiniteQuery(searchTagsQuery(q));
  const results = query.data?.pages.flatMap((page) => page.list);
  return (
    <Paged q={q} query={query} count={results?.length}>
      <TagList tags={results ?? []} q={q} />
    </Paged>
  );
}
