import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { feedQuery } from "../api/queries.ts";
import type { Video } from "../api/types.ts";
import { formatAgo, formatCount } from "../format/format.ts";
import { Cover } from "../ui/cover.tsx";
import { LoadMore } from "../ui/load-more.tsx";

/**
 * More from the feed, beside the video or under it. It is an addition: when nothing of it can be had, nothing is said.
 * Loaded videos stay when the next page fails.
 */
export function Related({ without }: { without: number }) {
  const { t } = useTranslation();
  const feed = useInfiniteQuery(feedQuery);
  const videos = feed.data?.pages.flatMap((page) => page.list).filter((video) => video.id !== without) ?? [];
  if ((feed.isError && feed.data === undefined) || (feed.isSuccess && videos.length === 0)) return null;
  return (
    <aside aria-labelledby="related" className="px-4 sm:px-0">
      <h2 id="related" className="mb-3 text-base font-semibold">
        {t("watch.related")}
      </h2>
      <ul className="flex flex-col gap-3">
        {feed.isPending
          ? [0, 1, 2, 3].map((place) => <RelatedSkeleton key={place} />)
          : videos.map((video) => <RelatedVideo key={video.id} video={video} />)}
      </ul>
      <LoadMore query={feed} className="mt-4" />
    </aside>
  );
}

function RelatedVideo({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const formatted = formatCount(video.play_count, i18n.language);
  const publishedMs = Date.parse(video.published_at ?? video.created_at);
  return (
    <li>
      <Link to="/watch/$id" params={{ id: video.id }} className="group flex gap-3 rounded-lg">
        <Cover video={video} className="aspect-video w-40 shrink-0" />
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 font-medium group-hover:underline">{video.title}</span>
          <span className="mt-1 block truncate text-xs text-soft">{video.user.nickname || video.user.username}</span>
          <span className="block text-xs text-soft">
            {t("count.views", { count: video.play_count, formatted })} ·{" "}
            {formatAgo(publishedMs, Date.now(), i18n.language)}
          </span>
        </span>
      </Link>
    </li>
  );
}

function RelatedSkeleton() {
  return (
    <li className="flex gap-3" aria-hidden>
      <div className="skeleton aspect-video w-40 shrink-0" />
      <div className="flex flex-1 flex-col gap-2 pt-1">
        <div className="skeleton h-4 w-full" />
        <div className="skeleton h-3 w-20" />
      </div>
    </li>
  );
}
