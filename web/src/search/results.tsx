import { Link } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Hashtag } from "../api/generated.ts";
import type { UserBrief, Video } from "../api/types.ts";
import { formatCount } from "../format/format.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Cover } from "../ui/cover.tsx";
import { highlight } from "./highlight.ts";

/** Words with what they were found by in bold. */
export function Found({ text, by, isAnywhere = false }: { text: string; by: string; isAnywhere?: boolean }) {
  let at = 0;
  return highlight(text, by, isAnywhere).map((part) => {
    const key = at;
    at += part.text.length;
    return part.isMatch ? (
      <mark key={key} className="bg-transparent font-bold text-accent-strong">
        {part.text}
      </mark>
    ) : (
      <Fragment key={key}>{part.text}</Fragment>
    );
  });
}

/** Videos as a grid; `by` is what they were found by. */
export function VideoGrid({ videos, by = "" }: { videos: readonly Video[]; by?: string }) {
  return (
    <ul className="grid grid-cols-1 gap-x-3 gap-y-5 min-[420px]:grid-cols-2 lg:grid-cols-3">
      {videos.map((video) => (
        <li key={video.id}>
          <VideoCard video={video} by={by} />
        </li>
      ))}
    </ul>
  );
}

function VideoCard({ video, by }: { video: Video; by: string }) {
  const { t, i18n } = useTranslation();
  const formatted = formatCount(video.play_count, i18n.language);
  return (
    <article>
      <Link to="/watch/$id" params={{ id: video.id }} className="group block rounded-lg">
        <Cover video={video} className="aspect-video" />
        <span className="mt-2 line-clamp-2 font-medium group-hover:underline">
          <Found text={video.title} by={by} />
        </span>
      </Link>
      <p className="mt-0.5 flex flex-wrap gap-x-1.5 text-xs text-soft">
        <Link
          to="/@{$username}"
          params={{ username: video.user.username }}
          className="-my-3 inline-flex min-h-11 items-center hover:underline"
        >
          <Found text={video.user.nickname || video.user.username} by={by} />
        </Link>
        <span className="inline-flex items-center">· {t("count.views", { count: video.play_count, formatted })}</span>
      </p>
    </article>
  );
}

export function PeopleList({ people, by }: { people: readonly UserBrief[]; by: string }) {
  return (
    <ul className="grid gap-1 sm:grid-cols-2">
      {people.map((person) => (
        <li key={person.id}>
          <Link
            to="/@{$username}"
            params={{ username: person.username }}
            className="flex min-h-14 min-w-0 items-center gap-3 rounded-lg px-2 hover:bg-raised"
          >
            <Avatar user={person} size="medium" />
            <span className="min-w-0">
              <span className="block truncate font-medium">
                <Found text={person.nickname || person.username} by={by} isAnywhere />
              </span>
              <span className="block truncate text-xs text-soft">
                @<Found text={person.username} by={by} isAnywhere />
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function TagList({ tags, by = "" }: { tags: readonly Hashtag[]; by?: string }) {
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
              <Found text={tag.name} by={by} />
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

export function GridSkeleton() {
  return (
    <div className="grid grid-cols-1 gap-3 min-[420px]:grid-cols-2 lg:grid-cols-3" aria-busy>
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <div key={place} className="skeleton aspect-video" />
      ))}
    </div>
  );
}
