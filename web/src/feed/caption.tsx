import { Link } from "@tanstack/react-router";
import { Music } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "../api/types.ts";
import { formatAgo, formatDate } from "../format/format.ts";
import { RichText } from "../text/rich-text.tsx";

/** Author and words over the video, folded at two lines. */
export function Caption({ video, titleId }: { video: Video; titleId: string }) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [isLong, setLong] = useState(false);
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = words.current;
    if (box === null || isOpen) return;
    const measure = () => setLong(box.scrollHeight > box.clientHeight + 2);
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [isOpen]);
  const publishedMs = Date.parse(video.published_at ?? video.created_at);
  return (
    <div className="text-shadow-video pointer-events-auto flex max-h-[60cqh] flex-col items-start overflow-y-auto text-white">
      <Link
        to="/@{$username}"
        params={{ username: video.user.username }}
        className="inline-flex min-h-10 items-center gap-2 rounded text-base font-semibold hover:underline"
      >
        <bdi>{video.user.nickname || video.user.username}</bdi>
        <time
          dateTime={video.published_at ?? video.created_at}
          title={formatDate(publishedMs, i18n.language)}
          className="text-sm font-normal text-white/85"
        >
          · {formatAgo(publishedMs, Date.now(), i18n.language)}
        </time>
      </Link>
      <div ref={words} dir="auto" className={`text-sm ${isOpen ? "" : "line-clamp-2"}`}>
        <h2 id={titleId} className="inline font-normal">
          <RichText text={video.title} linkClass="font-semibold hover:underline" />
        </h2>
        {video.description !== "" && (
          <span className="text-sm whitespace-pre-line text-white/90">
            {" "}
            <RichText text={video.description} linkClass="font-semibold hover:underline" />
          </span>
        )}
      </div>
      {(isLong || isOpen) && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="-my-1 min-h-9 pe-4 text-sm font-semibold text-white"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? t("feed.less") : t("feed.more")}
        </button>
      )}
      <Tags video={video} />
      <p className="mt-1 flex max-w-full items-center gap-2 text-xs">
        <Music size={14} aria-hidden className="shrink-0" />
        <span className="truncate">
          {t("feed.originalSound")} · <bdi>{video.user.nickname || video.user.username}</bdi>
        </span>
      </p>
    </div>
  );
}

/** The hashtags that the words do not contain already. */
function Tags({ video }: { video: Video }) {
  const words = `${video.title} ${video.description}`.toLowerCase();
  const tags = video.hashtags.filter((tag) => !words.includes(`#${tag.toLowerCase()}`)).slice(0, 4);
  if (tags.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-2 text-sm">
      {tags.map((tag) => (
        <Link key={tag} to="/tag/$name" params={{ name: tag }} className="min-h-7 font-semibold hover:underline">
          #{tag}
        </Link>
      ))}
    </p>
  );
}
