import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHasSession } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { useCategories } from "#base/ui/fields/use-categories.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { LiveRow } from "#parts/live/live-row.tsx";
import { liveNowQuery } from "#parts/live/queries.ts";
import { ContinueRow } from "./continue-row.tsx";
import { ExploreChips } from "./explore-chips.tsx";
import { ExploreGrid, type ExplorePages, ExploreSkeleton } from "./explore-grid.tsx";
import { continueQuery, type ExploreSort, exploreQuery } from "./queries.ts";

/** Everything public to choose from; the first page of a visitor at a desk. */
export function ExplorePage() {
  const { t } = useTranslation();
  const { sort } = useSearch({ strict: false });
  useTitle(t("nav.explore"));
  return <Page name={t("nav.explore")} category={undefined} sort={sort === "latest" ? sort : "trending"} />;
}

/** Everything public of one category: Explore with its chip chosen. */
export function CategoryPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/category/$id" });
  const { sort = "trending" } = useSearch({ from: "/category/$id" });
  const categories = useCategories();
  const name = categories?.find((candidate) => candidate.id === id)?.name;
  useTitle(name);
  if (id <= 0 || (categories !== undefined && name === undefined))
    return (
      <State drawing={<ShelfDrawing />} title={t("category.missing.title")} text={t("category.missing.text")}>
        <LinkButton look="main" to="/explore">
          {t("nav.explore")}
        </LinkButton>
      </State>
    );
  return <Page name={name} category={id} sort={sort} />;
}

interface PageProps {
  name: string | undefined;
  category: number | undefined;
  sort: ExploreSort;
}

function Page({ name, category, sort }: PageProps) {
  const { t } = useTranslation();
  const hasRow = useHasSession() && category === undefined;
  const row = useQuery({ ...continueQuery, enabled: hasRow });
  const wide = useInfiniteQuery(exploreQuery("wide", sort, category));
  const upright = useInfiniteQuery(exploreQuery("upright", sort, category));
  const hasLive = category === undefined;
  // One that is not answered is not missed.
  const live = useQuery({ ...liveNowQuery, enabled: hasLive, retry: false });
  const isPending = (hasRow && row.isPending) || (hasLive && live.isPending) || wide.isPending || upright.isPending;
  // Content above the grid comes together with the first one: nothing moves then.
  const [isBegun, setIsBegun] = useState(false);
  if (!isPending && !isBegun) setIsBegun(true);
  return (
    <div className="mx-auto flex max-w-[110rem] flex-col gap-4 px-4 pt-2 pb-4 sm:px-6 sm:pt-4">
      <h1 className="sr-only">{name}</h1>
      <Link
        to="/search"
        className="flex min-h-11 items-center gap-3 rounded-full bg-raised ps-4 text-base text-faint sm:hidden"
      >
        <Search size={18} aria-hidden />
        {t("explore.search")}
      </Link>
      <ExploreChips category={category} sort={sort} />
      {hasRow && isBegun && <ContinueRow videos={row.data?.list ?? []} />}
      {hasLive && isBegun && live.data !== undefined && live.data.list.length > 0 && <LiveRow lives={live.data.list} />}
      <h2 className="sr-only">{t(`explore.sort.${sort}`)}</h2>
      {isPending ? (
        <ExploreSkeleton />
      ) : (
        <Grid key={`${category} ${sort}`} wide={wide} upright={upright} isOfCategory={category !== undefined} />
      )}
    </div>
  );
}

interface GridProps {
  wide: ExplorePages;
  upright: ExplorePages;
  isOfCategory: boolean;
}

function Grid({ wide, upright, isOfCategory }: GridProps) {
  const { t } = useTranslation();
  if (wide.data === undefined && upright.data === undefined) {
    const retry = () => void Promise.all([wide.refetch(), upright.refetch()]);
    return <ErrorState error={wide.error} isRetrying={wide.isRefetching} onRetry={retry} />;
  }
  const isEmpty = wide.data?.pages[0]?.list.length === 0 && upright.data?.pages[0]?.list.length === 0;
  if (isEmpty)
    return (
      <State
        drawing={<ShelfDrawing />}
        title={t(isOfCategory ? "explore.emptyCategory.title" : "explore.empty.title")}
        text={t("explore.empty.text")}
      >
        <LinkButton look="main" to="/upload">
          {t("feed.empty.action")}
        </LinkButton>
      </State>
    );
  return <ExploreGrid wide={wide} upright={upright} />;
}
