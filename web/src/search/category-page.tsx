import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asFailure } from "../api/failure.ts";
import { useTitle } from "../shell/use-title.ts";
import { LinkButton } from "../ui/button.tsx";
import { useCategories } from "../ui/category-select.tsx";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { LoadMore } from "../ui/load-more.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { CategoryList } from "./category-list.tsx";
import { categoryVideosQuery } from "./queries.ts";
import { GridSkeleton, VideoGrid } from "./results.tsx";

/** Everything public that is about one thing, the latest first. */
export function CategoryPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/category/$id" });
  const name = useCategories().find((one) => one.id === id)?.name;
  const query = useInfiniteQuery({ ...categoryVideosQuery(id), enabled: id > 0 });
  const videos = query.data?.pages.flatMap((page) => page.list);
  useTitle(name);
  if (id <= 0 || (query.isError && asFailure(query.error).status === 404))
    return (
      <State drawing={<ShelfDrawing />} title={t("category.missing.title")} text={t("category.missing.text")}>
        <LinkButton look="main" to="/search">
          {t("nav.search")}
        </LinkButton>
      </State>
    );
  if (query.isError && videos === undefined)
    return <ErrorState error={query.error} isRetrying={query.isRefetching} onRetry={() => void query.refetch()} />;
  const isEmpty = videos?.length === 0 && !query.hasNextPage;
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-6 px-4 py-4 sm:px-8 sm:py-8">
      {/* The name has its place before it is there. */}
      <h1 className="min-h-8 text-2xl font-semibold break-words">{name}</h1>
      {videos === undefined && <GridSkeleton />}
      {isEmpty && name !== undefined && (
        <State drawing={<ShelfDrawing />} title={t("category.empty.title")} text={t("category.empty.text", { name })}>
          <LinkButton look="main" to="/upload">
            {t("nav.upload")}
          </LinkButton>
        </State>
      )}
      {videos !== undefined && videos.length > 0 && <VideoGrid videos={videos} />}
      <LoadMore query={query} />
      {videos !== undefined && <CategoryList title={t("category.others")} without={id} />}
    </div>
  );
}
