import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { userQuery } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { formatAgo, formatCount, formatDate, formatDay } from "#base/format/format.ts";
import { foldClass, FoldedEnd } from "#base/text/folded-end.tsx";
import { RichText } from "#base/text/rich-text.tsx";
import { useIsCut } from "#base/text/use-is-cut.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { useCategories } from "#base/ui/fields/use-categories.ts";
import { VisibilityBadge } from "#base/ui/fields/visibility.tsx";
import { TimedText } from "#parts/comments/timed-text.tsx";
import type { Chapter } from "#parts/player/chapters.ts";
import { ChapterList } from "./chapter-list.tsx";
import { VideoActions } from "./video-actions.tsx";

/** Goes to a moment of the film; `null` while it cannot be played. */
type Seek = ((seconds: number) => void) | null;

interface VideoDetailsProps {
  video: Video;
  /** The place of the chapter that plays; -1 for none. */
  chapter: number;
  onSeek: Seek;
  /** The position of the film. */
  timeS: () => number;
}

/** Title, facts, author with the actions, and the words that belong to the video. */
export function VideoDetails({ video, chapter, onSeek, timeS }: VideoDetailsProps) {
  return (
    <div className="px-4 pt-3 sm:px-0 sm:pt-4">
      <h1 className="text-base font-semibold text-pretty sm:text-xl">
        <bdi>
          <RichText text={video.title} />
        </bdi>
      </h1>
      <Facts video={video} />
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Author video={video} />
        <VideoActions video={video} timeS={timeS} />
      </div>
      <Description video={video} chapters={video.chapters} chapter={chapter} onSeek={onSeek} />
    </div>
  );
}

/** Views, day, category and visibility. */
function Facts({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const category = useCategories()?.find(({ id }) => id === video.category_id);
  const publishedMs = Date.parse(video.published_at ?? video.created_at);
  const isNew = Date.now() - publishedMs < 86_400_000;
  const formatted = new Intl.NumberFormat(i18n.language).format(video.play_count);
  return (
    <p className="mt-0.5 flex min-h-6 flex-wrap items-center gap-x-1.5 text-soft">
      {video.play_count > 0 && (
        <>
          <span className="tabular">{t("count.views", { count: video.play_count, formatted })}</span>
          <span aria-hidden>·</span>
        </>
      )}
      <time dateTime={video.published_at ?? video.created_at} title={formatDate(publishedMs, i18n.language)}>
        {isNew ? formatAgo(publishedMs, Date.now(), i18n.language) : formatDay(publishedMs, i18n.language)}
      </time>
      {category !== undefined && (
        <>
          <span aria-hidden>·</span>
          <Link
            to="/category/$id"
            params={{ id: category.id }}
            className="-my-2.5 inline-flex min-h-11 items-center hover:text-ink hover:underline"
          >
            {category.name}
          </Link>
        </>
      )}
      {video.visibility !== "public" && <VisibilityBadge visibility={video.visibility} />}
    </p>
  );
}

/** Face, name and followers of the author, with the way to follow them. */
function Author({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const { user } = video;
  const { data } = useQuery(userQuery(user.username));
  const count = data?.follower_count ?? 0;
  const formatted = formatCount(count, i18n.language);
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3 max-sm:basis-full">
      <Link to="/@{$username}" params={{ username: user.username }} aria-hidden tabIndex={-1}>
        <Avatar user={user} size="medium" />
      </Link>
      <div className="min-w-0 max-sm:flex-1">
        <Link
          to="/@{$username}"
          params={{ username: user.username }}
          className="block truncate text-base font-semibold hover:underline"
        >
          <bdi>{user.nickname || user.username}</bdi>
        </Link>
        {/* The line has its place before the number is there. */}
        <p className="tabular h-4 text-xs text-soft">{count > 0 && t("count.followers", { count, formatted })}</p>
      </div>
      {!video.is_mine && <FollowButton user={user} look="inverse" className="rounded-full! sm:ms-2" />}
    </div>
  );
}

interface DescriptionProps extends Omit<VideoDetailsProps, "timeS"> {
  chapters: readonly Chapter[];
}

/**
 * The description, chapters and tags, folded at two lines. Addresses in it stay text: what strangers write leads nowhere
 * outside by itself.
 */
function Description({ video, chapters, chapter, onSeek }: DescriptionProps) {
  const { t } = useTranslation();
  const text = video.description;
  const tags = [...new Set([...video.hashtags.map((tag) => `#${tag}`), ...video.tags])].filter(
    (tag) => tag.trim() !== "",
  );
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const isLong = useIsCut(box, isOpen, text);
  const hasMore = isLong || chapters.length > 0 || (text !== "" && tags.length > 0);
  const turn = () => {
    flushSync(() => setOpen(!isOpen));
    whole.current?.querySelector<HTMLElement>("[aria-expanded]")?.focus({ preventScroll: true });
  };
  if (text === "" && tags.length === 0 && chapters.length === 0) return null;
  const isFoldedText = hasMore && !isOpen && text !== "";
  return (
    <div ref={whole} className="mt-3.5 rounded-xl bg-surface px-4 py-3">
      {text !== "" && (
        <div
          ref={box}
          dir="auto"
          // A time that is folded away may be reached by key: it must be seen then.
          onFocus={({ target }) => setOpen(isOpen || (isLong && !target.hasAttribute("aria-expanded")))}
          className={`text-sm ${isOpen ? "" : "line-clamp-2"}`}
        >
          <div className="whitespace-pre-line">
            {isFoldedText && isLong && <FoldedEnd text={t("watch.showMore")} onOpen={turn} />}
            <span>
              <TimedText
                text={isOpen ? text : text.replaceAll(/\n{2,}/g, "\n")}
                durationS={onSeek === null ? 0 : video.duration}
                onSeek={(seconds) => onSeek?.(seconds)}
              />
            </span>
            {isFoldedText && !isLong && (
              <button type="button" aria-expanded={false} className={foldClass} onClick={turn}>
                <bdi>{t("watch.showMore")}</bdi>
              </button>
            )}
          </div>
        </div>
      )}
      {(isOpen || !hasMore || text === "") && <Tags tags={tags} />}
      {isOpen && onSeek !== null && <ChapterList chapters={chapters} current={chapter} onSeek={onSeek} />}
      {hasMore && !isFoldedText && (
        <button type="button" aria-expanded={isOpen} className="-mb-2 min-h-10 pe-4 font-semibold" onClick={turn}>
          {isOpen ? t("watch.showLess") : t("watch.showMore")}
        </button>
      )}
    </div>
  );
}

/** Words its maker gave it; each leads to what else is found by it. */
function Tags({ tags }: { tags: readonly string[] }) {
  const { t } = useTranslation();
  if (tags.length === 0) return null;
  return (
    <ul aria-label={t("tags.label")} className="mt-1 flex flex-wrap gap-x-3">
      {tags.map((tag) => (
        <li key={tag} className="max-w-full">
          {tag.startsWith("#") ? (
            <Link
              to="/tag/$name"
              params={{ name: tag.slice(1) }}
              className="flex min-h-9 items-center font-medium text-link hover:underline"
            >
              <span className="truncate">
                <bdi>{tag}</bdi>
              </span>
            </Link>
          ) : (
            <Link to="/search" search={{ q: tag }} className="flex min-h-9 items-center text-soft hover:underline">
              <span className="truncate">
                <bdi>{tag}</bdi>
              </span>
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
