import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asFailure } from "#base/api/request/failure.ts";
import type { Hashtag } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { tagQuery, tagVideosQuery } from "#parts/search/queries.ts";
import { GridSkeleton, VideoGrid } from "./results.tsx";

/** Everything public that carries a hashtag. */
export function TagPage() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/tag/$name" });
  const tag = useQuery(tagQuery(name));
  useTitle(`#${tag.data?.name ?? name}`);
  const isUnknown = tag.isError && [400, 404].includes(asFailure(tag.error).status);
  if (isUnknown)
    return (
      <State drawing={<ShelfDrawing />} title={t("tag.missing.title", { name })} text={t("tag.missing.text")}>
        <LinkButton look="main" to="/search">
          {t("nav.search")}
        </LinkButton>
      </State>
    );
  if (tag.isError && tag.data === undefined)
    return <ErrorState error={tag.error} isRetrying={tag.isRefetching} onRetry={() => void tag.refetch()} />;
  return (
    <div className="mx-auto max-w-[110rem] px-4 py-4 sm:px-6 sm:py-6">
      {tag.data === undefined ? <GridSkeleton /> : <Tag tag={tag.data} />}
    </div>
  );
}

function Tag({ tag }: { tag: Hashtag }) {
  const { t, i18n } = useTranslation();
  const { sort = "new" } = useSearch({ from: "/tag/$name" });
  const query = useInfiniteQuery(tagVideosQuery(tag.id, sort));
  const videos = query.data?.pages.flatMap((page) => page.list);
  const count = (number: number) => formatCount(number, i18n.language);
  return (
    <>
      <header className="mb-4">
        <h1 className="text-2xl font-semibold break-words">#{tag.name}</h1>
        <p className="tabular mt-1 flex flex-wrap gap-x-4 text-soft">
          <span>{t("count.videos", { count: tag.video_count, formatted: count(tag.video_count) })}</span>
          <span>{t("count.views", { count: tag.view_count, formatted: count(tag.view_count) })}</span>
          {tag.is_hot && <span className="font-medium text-accent-strong">{t("tag.isHot")}</span>}
        </p>
        {tag.description !== "" && <p className="mt-2 max-w-xl text-base">{tag.description}</p>}
      </header>
      <nav aria-label={t("search.order")} className="mb-4 flex gap-2">
        {(["new", "hot"] as const).map((name) => (
          <Link
            key={name}
            to="/tag/$name"
            params={{ name: tag.name }}
            search={name === "new" ? {} : { sort: name }}
            replace
            aria-current={name === sort ? "page" : undefined}
            className={chipClass(name === sort)}
          >
            {t(`tag.sort.${name}`)}
          </Link>
        ))}
      </nav>
      {query.isPending && <GridSkeleton />}
      {query.isError && videos === undefined && (
        <ErrorState error={query.error} isRetrying={query.isRefetching} onRetry={() => void query.refetch()} />
      )}
      {videos?.length === 0 && (
        <State drawing={<ShelfDrawing />} title={t("tag.empty.title")} text={t("tag.empty.text", { name: tag.name })} />
      )}
      {videos !== undefined && videos.length > 0 && (
        <section aria-labelledby="tag-videos">
          <h2 id="tag-videos" className="sr-only">
            {t("search.tab.videos")}
          </h2>
          <VideoGrid videos={videos} />
        </section>
      )}
      <LoadMore query={query} className="mt-6" />
    </>
  );
}
