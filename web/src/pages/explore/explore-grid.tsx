import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { LoadMore, type Paging } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { UprightCard, WideCard } from "#base/ui/videos/video-card.tsx";
import { mixShapes } from "./shelves.ts";

export type ExplorePages = Pick<
  UseInfiniteQueryResult<{ pages: { list: Video[] }[] }>,
  "data" | "refetch" | "isRefetching" | keyof Paging
>;

/** Rows of wide videos with shelves of upright ones between them. */
export function ExploreGrid({ wide, upright }: { wide: ExplorePages; upright: ExplorePages }) {
  const columns = useColumns();
  const listOf = ({ data, hasNextPage }: ExplorePages) => ({
    list: data?.pages.flatMap((page) => page.list) ?? [],
    isWhole: !hasNextPage,
  });
  const parts = mixShapes(listOf(wide), listOf(upright), columns);
  const query: Paging = {
    hasNextPage: wide.hasNextPage || upright.hasNextPage,
    isFetchingNextPage: wide.isFetchingNextPage || upright.isFetchingNextPage,
    isFetchNextPageError: wide.isFetchNextPageError || upright.isFetchNextPageError,
    error: wide.error ?? upright.error,
    fetchNextPage: () =>
      Promise.all([wide, upright].filter(({ hasNextPage }) => hasNextPage).map((each) => each.fetchNextPage())),
  };
  const end = useRef<HTMLDivElement>(null);
  useAutomaticPages(end, query);
  return (
    <>
      {parts.map((part) => (
        <div key={part.wide[0]?.id ?? part.upright[0]?.id} className="flex flex-col gap-5">
          {part.wide.length > 0 && (
            <ul className="grid grid-cols-1 gap-x-4 gap-y-6 min-[560px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4 min-[1680px]:grid-cols-5">
              {part.wide.map((video) => (
                <li key={video.id}>
                  <WideCard video={video} />
                </li>
              ))}
            </ul>
          )}
          {part.upright.length > 0 && <Shelf videos={part.upright} />}
        </div>
      ))}
      <div ref={end} />
      <LoadMore query={query} className="mx-auto w-full max-w-xs" />
    </>
  );
}

/** The columns of the grid at this width, as its classes say. To ask for the width itself would take a layout. */
const widths = [560, 1024, 1280, 1680].map((px) => window.matchMedia(`(min-width: ${px}px)`));
const watchWidths = (changed: () => void) => {
  for (const width of widths) width.addEventListener("change", changed);
  return () => {
    for (const width of widths) width.removeEventListener("change", changed);
  };
};
const useColumns = (): number =>
  useSyncExternalStore(watchWidths, () => 1 + widths.filter(({ matches }) => matches).length);

/** Pages that come by themselves; after them the footer of the page can be reached. */
const automaticPagesMax = 4;

function useAutomaticPages(end: { readonly current: HTMLElement | null }, query: Paging): void {
  const [count, setCount] = useState(0);
  const latest = useRef(query);
  latest.current = query;
  const isOn = count < automaticPagesMax && query.hasNextPage;
  useEffect(() => {
    const box = end.current;
    if (box === null || !isOn) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        const query = latest.current;
        if (entry?.isIntersecting !== true || query.isFetchingNextPage || query.isFetchNextPageError) return;
        setCount((pages) => pages + 1);
        void query.fetchNextPage();
      },
      { rootMargin: "600px" },
    );
    observer.observe(box);
    return () => observer.disconnect();
  }, [end, isOn, count]);
}

/** Upright videos in one line, which moves by a finger or by its two buttons. */
function Shelf({ videos }: { videos: readonly Video[] }) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const move = (by: 1 | -1) => {
    const box = list.current;
    const direction = getComputedStyle(document.documentElement).direction === "rtl" ? -1 : 1;
    box?.scrollBy({ left: by * direction * box.clientWidth * 0.9, behavior: "smooth" });
  };
  return (
    <div>
      <div className="mb-2 flex min-h-9 items-center gap-2">
        <h2 className="flex-1 text-base font-semibold">{t("explore.short")}</h2>
        <span className="hidden gap-2 sm:flex">
          <IconButton label={t("explore.back")} onPress={() => move(-1)} className="size-9! bg-raised hover:bg-strong">
            <ChevronLeft size={18} aria-hidden className="rtl:-scale-x-100" />
          </IconButton>
          <IconButton label={t("explore.on")} onPress={() => move(1)} className="size-9! bg-raised hover:bg-strong">
            <ChevronRight size={18} aria-hidden className="rtl:-scale-x-100" />
          </IconButton>
        </span>
      </div>
      <ul
        ref={list}
        // Not a region around it: there may be several, and they have one name.
        aria-label={t("explore.short")}
        className="relative -mx-4 flex snap-x gap-3 overflow-x-auto scroll-smooth px-4 [scrollbar-width:none] sm:mx-0 sm:gap-4 sm:px-0"
      >
        {videos.map((video) => (
          <li
            key={video.id}
            className="w-36 shrink-0 snap-start scroll-ms-4 sm:w-[calc((100%-4rem)/5)] sm:scroll-ms-0 xl:w-[calc((100%-5rem)/6)]"
          >
            <UprightCard video={video} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The shape of the first rows while they are on their way. */
export function ExploreSkeleton() {
  return (
    <div
      aria-busy
      className="grid grid-cols-1 gap-x-4 gap-y-6 min-[560px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4 min-[1680px]:grid-cols-5"
    >
      {[0, 1, 2, 3, 4, 5, 6, 7].map((place) => (
        <div key={place}>
          <Skeleton className="aspect-video rounded-xl!" />
          <div className="mt-2.5 flex gap-2.5">
            <Skeleton className="size-8 rounded-full!" />
            <div className="flex flex-1 flex-col gap-2 pt-1">
              <Skeleton className="h-4 w-4/5" />
              <Skeleton className="h-3 w-1/2" />
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
