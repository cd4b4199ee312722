import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Items } from "./items.tsx";
import { itemsQuery, playlistQuery } from "./queries.ts";

/** The next video of a playlist; `null` at its end, or if none is played. */
export function useNextInList(list: number | undefined, videoId: number): Video | null {
  const query = useInfiniteQuery({ ...itemsQuery(list ?? 0), enabled: list !== undefined });
  const videos = query.data?.pages.flatMap((page) => page.list) ?? [];
  const place = videos.findIndex(({ id }) => id === videoId);
  const next = place < 0 ? undefined : videos[place + 1];
  const isLast = place === videos.length - 1;
  // The rest of a long one is there before it is needed.
  useEffect(() => {
    if (isLast && query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError)
      void query.fetchNextPage();
  }, [isLast, query]);
  return next ?? null;
}

/** The playlist that is played, beside the film or under it. When it cannot be had, nothing is said: the film is there. */
export function Playing({ list, current }: { list: number; current: number }) {
  const { t } = useTranslation();
  const playlist = useQuery(playlistQuery(list));
  const query = useInfiniteQuery(itemsQuery(list));
  const videos = query.data?.pages.flatMap((page) => page.list) ?? [];
  const place = videos.findIndex(({ id }) => id === current);
  if (playlist.isError && playlist.data === undefined) return null;
  return (
    <section aria-labelledby="playing" className="mx-4 mb-6 rounded-2xl bg-surface p-3 sm:mx-0">
      {playlist.data === undefined ? (
        <Skeleton className="h-98" />
      ) : (
        <>
          <h2 id="playing" className="px-1 text-base font-semibold">
            <Link
              to="/playlist/$id"
              params={{ id: list }}
              className="inline-flex min-h-11 items-center hover:underline"
            >
              {playlist.data.title}
            </Link>
          </h2>
          <p className="tabular mb-2 min-h-4 px-1 text-xs text-soft">
            {place >= 0 && t("playlist.place", { place: place + 1, count: videos.length })}
          </p>
          <div className="h-80 overflow-y-auto" tabIndex={-1}>
            <Items playlist={playlist.data} videos={videos} current={current} />
            <LoadMore query={query} />
          </div>
        </>
      )}
    </section>
  );
}
