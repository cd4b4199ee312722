import { Link } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FoundVideo, Hashtag, HighlightRange, Live, UserBrief, Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { ViewsAndAge, WideCard } from "#base/ui/videos/video-card.tsx";
import { LiveCard } from "#parts/live/live-card.tsx";
import { excerptOf } from "./highlight.ts";
import { MarkedName, MarkedText } from "./marked-text.tsx";
import { Moments } from "./moments.tsx";

const gridClass = "grid grid-cols-1 gap-x-4 gap-y-6 min-[560px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4";

/** Videos as a grid, as Explore has them. */
export function VideoGrid({ videos }: { videos: readonly Video[] }) {
  return (
    <ul className={gridClass}>
      {videos.map((video) => (
        <li key={video.id}>
          <WideCard video={video} />
        </li>
      ))}
    </ul>
  );
}

/** Rooms that are live, as Explore has them. */
export function LiveGrid({ lives }: { lives: readonly Live[] }) {
  return (
    <ul className={gridClass}>
      {lives.map((live) => (
        <li key={live.id}>
          <LiveCard live={live} />
        </li>
      ))}
    </ul>
  );
}

/** Videos that a search found, one below the other, with their descriptions. */
export function VideoRows({ videos, q }: { videos: readonly FoundVideo[]; q: string }) {
  return (
    <ul className="flex flex-col gap-5 sm:gap-4">
      {videos.map((video) => (
        <li key={video.id}>
          <VideoRow video={video} q={q} />
        </li>
      ))}
    </ul>
  );
}

const rangesOf = (video: FoundVideo, field: "title" | "description"): readonly HighlightRange[] =>
  video.highlights.find((highlight) => highlight.field === field)?.ranges ?? [];

function VideoRow({ video, q }: { video: FoundVideo; q: string }) {
  const author = video.user.nickname || video.user.username;
  return (
    <article className="flex flex-col gap-2 sm:flex-row sm:gap-4">
      <Link to="/watch/$id" params={{ id: video.id }} aria-hidden tabIndex={-1} className="block sm:w-61 sm:shrink-0">
        <Cover video={video} className="aspect-video rounded-xl!" />
      </Link>
      <div className="min-w-0 flex-1">
        <h3 className="text-base font-semibold">
          <Link to="/watch/$id" params={{ id: video.id }} className="-my-0.5 line-clamp-2 py-0.5 hover:underline">
            <bdi>
              <MarkedText text={video.title} ranges={rangesOf(video, "title")} />
            </bdi>
          </Link>
        </h3>
        <p className="text-xs text-soft">
          <ViewsAndAge video={video} />
        </p>
        <Link
          to="/@{$username}"
          params={{ username: video.user.username }}
          className="mt-0.5 inline-flex min-h-11 max-w-full items-center gap-2 text-xs font-medium hover:underline pointer-fine:min-h-9"
        >
          <Avatar user={video.user} size="tiny" />
          <bdi className="truncate">
            {/* A video whose texts have none of the words was found by its tags or its author. */}
            {video.highlights.length === 0 ? <MarkedName name={author} q={q} /> : author}
          </bdi>
        </Link>
        {video.description !== "" && (
          <p dir="auto" className="line-clamp-1 break-words text-soft max-sm:hidden">
            <MarkedText {...excerptOf(video.description, rangesOf(video, "description"))} />
          </p>
        )}
        <Moments video={video} />
      </div>
    </article>
  );
}

export function PeopleList({ people, q }: { people: readonly UserBrief[]; q: string }) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {people.map((person) => (
        <li key={person.id} className="flex items-center gap-2 rounded-xl bg-surface pe-3">
          <Link
            to="/@{$username}"
            params={{ username: person.username }}
            className="flex min-h-16 min-w-0 flex-1 items-center gap-3 rounded-xl ps-3 hover:underline"
          >
            <Avatar user={person} size="medium" />
            <span className="min-w-0">
              <bdi className="block truncate font-semibold">
                <MarkedName name={person.nickname || person.username} q={q} />
              </bdi>
              <bdi className="block truncate text-xs text-soft">
                @<MarkedName name={person.username} q={q} />
              </bdi>
            </span>
          </Link>
          <FollowButton user={person} look="inverse" className="rounded-full!" />
        </li>
      ))}
    </ul>
  );
}

export function TagList({ tags, q = "" }: { tags: readonly Hashtag[]; q?: string }) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="flex flex-wrap gap-2">
      {tags.map((tag) => (
        <li key={tag.id}>
          <Link
            to="/tag/$name"
            params={{ name: tag.name }}
            className="flex min-h-11 items-center gap-2 rounded-full bg-raised px-4 hover:bg-line"
          >
            <Hash size={16} aria-hidden className="text-soft" />
            <span className="font-medium">
              <MarkedName name={tag.name} q={q} />
            </span>
            <span className="tabular text-xs text-soft">
              {t("count.videos", { count: tag.video_count, formatted: formatCount(tag.video_count, i18n.language) })}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The shape of {@link VideoRows}. */
export function RowsSkeleton() {
  return (
    <div className="flex flex-col gap-5 sm:gap-4" aria-busy>
      {[0, 1, 2, 3].map((place) => (
        <div key={place} className="flex flex-col gap-2 sm:flex-row sm:gap-4">
          <Skeleton className="aspect-video rounded-xl! sm:w-61" />
          <Skeleton className="h-5 w-3/5 sm:w-2/5" />
        </div>
      ))}
    </div>
  );
}

/** The shape of {@link VideoGrid}. */
export function GridSkeleton() {
  return (
    <div className={gridClass} aria-busy>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((place) => (
        <div key={place} className="flex flex-col gap-2.5">
          <Skeleton className="aspect-video rounded-xl!" />
          <Skeleton className="ms-10.5 h-4 w-3/5" />
        </div>
      ))}
    </div>
  );
}
