import { Link } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { formatAgo, formatCount, formatDate } from "#base/format/format.ts";
import { Avatar } from "../accounts/avatar.tsx";
import { VisibilityIcon } from "../fields/visibility.tsx";
import { Cover } from "./cover.tsx";

/** A wide video in a grid: cover, then its author's face beside title, name, views and age. */
export function WideCard({ video, hasAuthor = true }: { video: Video; hasAuthor?: boolean }) {
  const author = { username: video.user.username };
  return (
    <article>
      <Link to="/watch/$id" params={{ id: video.id }} aria-hidden tabIndex={-1} className="block rounded-xl">
        <Cover video={video} className="aspect-video rounded-xl!" />
      </Link>
      <div className="mt-2.5 flex gap-2.5">
        {hasAuthor && (
          <Link to="/@{$username}" params={author} aria-hidden tabIndex={-1} className="h-8 rounded-full">
            <Avatar user={video.user} />
          </Link>
        )}
        <div className="min-w-0 flex-1">
          <h3 className="-mt-0.5 font-semibold">
            <Link to="/watch/$id" params={{ id: video.id }} className="line-clamp-2 py-0.5 hover:underline">
              <bdi>{video.title}</bdi>
            </Link>
          </h3>
          <p className="text-xs text-soft">
            {hasAuthor && (
              <Link to="/@{$username}" params={author} className="block truncate py-1 hover:text-ink">
                <bdi>{video.user.nickname || video.user.username}</bdi>
              </Link>
            )}
            {video.visibility !== "public" && <VisibilityIcon visibility={video.visibility} size={14} />}
            <ViewsAndAge video={video} />
          </p>
        </div>
      </div>
    </article>
  );
}

/**
 * An upright video: the views on the picture, the title below. A tile is one of a whole page of them: on a phone a
 * picture alone, at a desk with its age.
 */
export function UprightCard({ video, isTile = false }: { video: Video; isTile?: boolean }) {
  const { t, i18n } = useTranslation();
  const views = formatCount(video.play_count, i18n.language);
  return (
    <article>
      <Link to="/watch/$id" params={{ id: video.id }} className="group block rounded-xl">
        <span className={`relative block overflow-hidden rounded-xl ${isTile ? "max-sm:rounded-none" : ""}`}>
          <Cover video={video} showDuration={false} className="aspect-9/16 rounded-none!" />
          <span className="pointer-events-none absolute inset-x-0 bottom-0 h-2/5 bg-linear-to-t from-black/70 to-transparent" />
          <span className="tabular text-shadow-video absolute start-2 bottom-1.5 flex items-center gap-1 text-xs font-semibold text-white">
            {video.play_count > 0 && (
              <>
                <Play size={12} fill="currentColor" aria-hidden />
                <span aria-hidden>{views}</span>
              </>
            )}
            {video.visibility !== "public" && <VisibilityIcon visibility={video.visibility} size={14} />}
          </span>
        </span>
        <span className={`mt-2 line-clamp-2 font-semibold group-hover:underline ${isTile ? "max-sm:sr-only" : ""}`}>
          <bdi>{video.title}</bdi>
        </span>
        <span className="sr-only">, {t("count.views", { count: video.play_count, formatted: views })}</span>
        {isTile && (
          <span className="text-xs text-soft max-sm:hidden">
            <ViewsAndAge video={video} />
          </span>
        )}
      </Link>
    </article>
  );
}

/** How often it was watched and how long it has been there; without views it says its age alone. */
export function ViewsAndAge({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const publishedMs = Date.parse(video.published_at ?? video.created_at);
  const formatted = formatCount(video.play_count, i18n.language);
  return (
    <span className="tabular">
      {video.play_count > 0 && <>{t("count.views", { count: video.play_count, formatted })} · </>}
      <time dateTime={video.published_at ?? video.created_at} title={formatDate(publishedMs, i18n.language)}>
        {formatAgo(publishedMs, Date.now(), i18n.language)}
      </time>
    </span>
  );
}
