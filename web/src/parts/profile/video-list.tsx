import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { User, Video } from "#base/api/types.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore, type Paging } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { UprightCard, WideCard } from "#base/ui/videos/video-card.tsx";
import { gridShape } from "./grid-shape.ts";

interface VideoListProps {
  user: User;
  query: Pick<
    UseInfiniteQueryResult<{ pages: { list: Video[] }[] }>,
    "data" | "isPending" | "isError" | "isFetching" | "refetch" | keyof Paging
  >;
  what: "videos" | "likes" | "favorites";
}

const readyIn = (data: { pages: { list: Video[] }[] } | undefined): Video[] =>
  (data?.pages.flatMap((page) => page.list) ?? []).filter((video) => video.status === 1);

/** Videos of a user, or those they like or have saved, as far as the viewer may see them. */
export function VideoList({ user, query, what }: VideoListProps) {
  const { t } = useTranslation();
  const me = useMe();
  const isBare = query.data !== undefined && query.hasNextPage && readyIn(query.data).length === 0;
  const { isFetching, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    // A page of drafts alone shows nothing: what comes after them does.
    if (isBare && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [isBare, isFetching, isFetchNextPageError, fetchNextPage]);
  if (query.isPending) return <GridSkeleton />;
  if (query.isError && query.data === undefined) {
    if (asFailure(query.error).code === "interaction.list_hidden")
      return (
        <State isPart drawing={<ShelfDrawing />} title={t("profile.hidden.title")} text={t("profile.hidden.text")} />
      );
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  // Unfinished videos have their place in Studio; here are those that visitors can see, and one's own private
  // ones.
  const videos = readyIn(query.data);
  if (videos.length === 0 && !query.hasNextPage) {
    const isMine = me?.id === user.id;
    if (what !== "videos")
      return (
        <State isPart drawing={<ShelfDrawing />} title={t(`profile.${what}.empty`)} text={t("profile.list.empty")} />
      );
    return (
      <State
        isPart
        drawing={<ShelfDrawing />}
        title={t("profile.empty.title")}
        text={isMine ? t("profile.emptyMine.text") : t("profile.empty.text", { name: user.nickname || user.username })}
      >
        {isMine && (
          <LinkButton look="main" to="/upload">
            {t("feed.empty.action")}
          </LinkButton>
        )}
      </State>
    );
  }
  const shape = gridShape(videos);
  return (
    <>
      <ul
        className={
          shape === "tall"
            ? "-mx-4 grid grid-cols-3 gap-0.5 sm:mx-0 sm:gap-4 md:grid-cols-4 lg:grid-cols-5 xl:grid-cols-6"
            : "grid grid-cols-1 gap-x-4 gap-y-5 min-[560px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4"
        }
      >
        {videos.map((video) => (
          <li key={video.id}>
            {shape === "tall" ? (
              <UprightCard video={video} isTile />
            ) : (
              <WideCard video={video} hasAuthor={what !== "videos"} />
            )}
          </li>
        ))}
      </ul>
      <LoadMore query={query} className="mt-6" />
    </>
  );
}

export function GridSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-3" aria-busy>
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <Skeleton key={place} className="aspect-video" />
      ))}
    </div>
  );
}
