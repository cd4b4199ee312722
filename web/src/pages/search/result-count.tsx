import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatNumber } from "#base/format/format.ts";
import {
  searchFilesQuery,
  searchLivesQuery,
  searchQuery,
  searchTagsQuery,
  searchUsersQuery,
  searchVideosQuery,
} from "#parts/search/queries.ts";
import type { VideoFilter } from "#parts/search/video-filter.ts";

interface ResultCountProps {
  q: string;
  tab: "all" | "videos" | "live" | "people" | "tags" | "files";
  /** Files are those of the viewer. */
  isSignedIn: boolean;
  filter: VideoFilter;
}

/** The server counts up to so many of a kind. */
const countMax = 1_000;

/** How many results a tab has; with its filters, which a screen reader learns of here. */
export function ResultCount(props: ResultCountProps) {
  const { t, i18n } = useTranslation();
  const total = useTotal(props);
  const text = (count: number) => {
    const number = formatNumber(Math.min(count, countMax), i18n.language);
    return t("search.total", { count, formatted: count > countMax ? `${number}+` : number });
  };
  return (
    <p
      role="status"
      className="tabular flex min-h-4 shrink-0 items-center border-line text-xs whitespace-nowrap text-soft max-sm:mt-2 sm:border-b sm:ps-3"
    >
      {total !== undefined && text(total)}
    </p>
  );
}

/** The results of the tab that is open, from its own query; undefined while they are not there. */
function useTotal({ q, tab, filter, isSignedIn }: ResultCountProps): number | undefined {
  const all = useQuery({ ...searchQuery(q), enabled: tab === "all" });
  const videos = useInfiniteQuery({ ...searchVideosQuery(q, filter), enabled: tab === "videos" });
  const live = useInfiniteQuery({ ...searchLivesQuery(q), enabled: tab === "live" });
  const people = useInfiniteQuery({ ...searchUsersQuery(q), enabled: tab === "people" });
  const tags = useInfiniteQuery({ ...searchTagsQuery(q), enabled: tab === "tags" });
  const files = useInfiniteQuery({ ...searchFilesQuery(q), enabled: tab === "files" && isSignedIn });
  if (tab === "all") return all.data && sumOf([all.data.videos, all.data.users, all.data.hashtags, all.data.lives]);
  const first = { videos, live, people, tags, files }[tab].data?.pages[0];
  return first && sumOf([first]);
}

/** Beyond what is counted, one more than that. */
const sumOf = (lists: readonly { total?: number; total_capped?: boolean }[]): number =>
  lists.reduce((sum, { total = 0, total_capped = false }) => sum + total + (total_capped ? 1 : 0), 0);
