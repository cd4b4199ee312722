import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import { useTitle } from "../shell/use-title.ts";
import { LinkButton } from "../ui/button.tsx";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { ContinueRow } from "./continue-row.tsx";
import { ExploreChips } from "./explore-chips.tsx";
import { ExploreGrid, ExploreSkeleton } from "./explore-grid.tsx";
import { exploreQuery } from "./queries.ts";

/** Everything public to choose from; the first page of a visitor at a desk. */
export function ExplorePage() {
  const { t } = useTranslation();
  const me = useMe();
  const search = useSearch({ strict: false });
  const { category } = search;
  const sort = search.sort === "latest" ? "latest" : "trending";
  useTitle(t("nav.explore"));
  return (
    <div className="mx-auto flex max-w-[110rem] flex-col gap-4 px-4 pt-2 pb-4 sm:px-6 sm:pt-4">
      <h1 className="sr-only">{t("nav.explore")}</h1>
      <Link
        to="/search"
        className="flex min-h-11 items-center gap-3 rounded-full bg-raised ps-4 text-base text-faint sm:hidden"
      >
        <Search size={18} aria-hidden />
        {t("explore.search")}
      </Link>
      <ExploreChips category={category} sort={sort} />
      {me != null && category === undefined && <ContinueRow />}
      <Grid key={`${category} ${sort}`} category={category} sort={sort} />
    </div>
  );
}

function Grid({ category, sort }: { category: number | undefined; sort: "trending" | "latest" }) {
  const { t } = useTranslation();
  const wide = useInfiniteQuery(exploreQuery("wide", sort, category));
  const upright = useInfiniteQuery(exploreQuery("upright", sort, category));
  if (wide.isPending || upright.isPending) return <ExploreSkeleton />;
  if (wide.data === undefined && upright.data === undefined) {
    const retry = () => void Promise.all([wide.refetch(), upright.refetch()]);
    return <ErrorState error={wide.error} isRetrying={wide.isRefetching} onRetry={retry} />;
  }
  const isEmpty = wide.data?.pages[0]?.list.length === 0 && upright.data?.pages[0]?.list.length === 0;
  if (isEmpty)
    return (
      <State
        drawing={<ShelfDrawing />}
        title={t(category === undefined ? "explore.empty.title" : "explore.emptyCategory.title")}
        text={t("explore.empty.text")}
      >
        <LinkButton look="main" to="/upload">
          {t("feed.empty.action")}
        </LinkButton>
      </State>
    );
  return <ExploreGrid wide={wide} upright={upright} />;
}
