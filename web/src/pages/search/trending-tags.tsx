import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { HashtagCover, TrendingHashtag } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { thumbUrl } from "#base/ui/videos/thumb.ts";
import { trendingTagsQuery } from "#parts/search/queries.ts";
import { coversOf } from "./covers.ts";

const rowClass = "flex items-center gap-3";
const coverClass = "relative h-12 w-21 shrink-0 overflow-hidden rounded-lg bg-raised bg-cover bg-center";
const gridClass = "grid gap-x-8 gap-y-1 sm:grid-cols-2";
/** So many stand out by their number. */
const topCount = 3;

/** The hashtags that trend, each with the cover of one of its videos. */
export function TrendingTags() {
  const { t } = useTranslation();
  const { data } = useQuery(trendingTagsQuery);
  const tags = data?.list ?? [];
  const covers = coversOf(tags);
  // A mark that all of them have sets none apart.
  const areAllHot = tags.every((tag) => tag.is_hot);
  if (tags.length === 0) return null;
  return (
    <section aria-labelledby="search-trending">
      <h2 id="search-trending" className="mb-2 text-base font-semibold">
        {t("search.hotTags")}
      </h2>
      <ol className={gridClass}>
        {tags.map((tag, n) => (
          <li key={tag.id}>
            <TagRow tag={tag} cover={covers[n]} rank={n + 1} isMarked={tag.is_hot && !areAllHot} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface TagRowProps {
  tag: TrendingHashtag;
  cover: HashtagCover | undefined;
  rank: number;
  isMarked: boolean;
}

function TagRow({ tag, cover, rank, isMarked }: TagRowProps) {
  const { t, i18n } = useTranslation();
  const formatted = formatCount(tag.video_count, i18n.language);
  return (
    <Link
      to="/tag/$name"
      params={{ name: tag.name }}
      className={`${rowClass} -mx-2 rounded-xl px-2 py-1.5 hover:bg-raised`}
    >
      <span
        aria-hidden
        className={`tabular w-5 text-base font-semibold ${rank <= topCount ? "text-ink" : "text-faint"}`}
      >
        {rank}
      </span>
      <TagCover cover={cover} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">
          <bdi>#{tag.name}</bdi>
        </span>
        <span className="tabular block truncate text-xs text-soft">
          {t("count.videos", { count: tag.video_count, formatted })}
        </span>
      </span>
      {isMarked && (
        <span className="shrink-0 rounded-md bg-raised px-1.5 py-0.5 text-xs font-medium text-warn">
          {t("tag.isHot")}
        </span>
      )}
    </Link>
  );
}

function TagCover({ cover }: { cover: HashtagCover | undefined }) {
  const [isBroken, setBroken] = useState(false);
  const thumb = thumbUrl(cover?.thumb ?? null);
  return (
    <span className={coverClass} {...(thumb !== null && { style: { backgroundImage: `url("${thumb}")` } })}>
      {cover === undefined || isBroken ? (
        <span className="absolute inset-0 grid place-items-center text-soft">
          <Hash size={20} aria-hidden />
        </span>
      ) : (
        <img
          src={cover.cover_url}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute inset-0 size-full object-cover"
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}

/** The shape of the page while it is on its way. */
export function DiscoverSkeleton() {
  return (
    <div aria-busy>
      <Skeleton className="mb-3 h-5 w-32" />
      <div className={gridClass}>
        {[0, 1, 2, 3, 4, 5].map((place) => (
          <div key={place} className={`${rowClass} py-1.5`}>
            <span className="w-5" />
            <Skeleton className="h-12 w-21 shrink-0" />
            <div className="flex flex-1 flex-col gap-2">
              <Skeleton className="h-4 w-1/2" />
              <Skeleton className="h-3 w-1/4" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
