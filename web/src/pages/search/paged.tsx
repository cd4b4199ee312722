import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore, type Paging } from "#base/ui/states/load-more.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { isNarrowed, type VideoFilter } from "#parts/search/video-filter.ts";
import { RowsSkeleton } from "./results.tsx";
import { TrendingTags } from "./trending-tags.tsx";

interface PagedProps {
  q: string;
  query: Paging & { isPending: boolean; isRefetching: boolean; refetch: () => unknown };
  /** How many there are so far; undefined while nothing is known. */
  count: number | undefined;
  filter?: VideoFilter;
  skeleton?: ReactNode;
  nothing?: ReactNode;
  children: ReactNode;
}

/** The results of a kind so far, and more of them as one asks for them. */
export function Paged({ q, query, count, filter = {}, skeleton = <RowsSkeleton />, nothing, children }: PagedProps) {
  if (query.isPending) return skeleton;
  if (count === undefined)
    return <ErrorState error={query.error} isRetrying={query.isRefetching} onRetry={() => void query.refetch()} />;
  if (count === 0) return nothing ?? <Nothing q={q} filter={filter} />;
  return (
    <>
      {children}
      <LoadMore query={query} className="mt-6" />
    </>
  );
}

interface NothingProps {
  q: string;
  /** Its filters are what may have left out all there is. */
  filter?: VideoFilter;
}

/** Nothing was found: without the filters there may be something, and there is always what trends. */
export function Nothing({ q, filter = {} }: NothingProps) {
  const { t } = useTranslation();
  const isFiltered = isNarrowed(filter);
  return (
    <>
      <State
        isPart
        drawing={<ShelfDrawing />}
        title={t("search.nothing.title", { q })}
        text={t(isFiltered ? "search.nothing.filtered" : "search.nothing.text")}
      >
        {isFiltered && (
          <LinkButton look="inverse" to="/search" search={{ q, tab: "videos", sort: filter.sort }} replace>
            {t("search.filters.clear")}
          </LinkButton>
        )}
      </State>
      <TrendingTags />
    </>
  );
}
