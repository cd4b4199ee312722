import { Link } from "@tanstack/react-router";
import { Music } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { FeedVideo } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { foldClass, FoldedEnd } from "#base/text/folded-end.tsx";
import { RichText } from "#base/text/rich-text.tsx";
import { useIsCut } from "#base/text/use-is-cut.ts";
import { reasonText } from "./reason.ts";

interface CaptionProps {
  video: FeedVideo;
  titleId: string;
  /** Says why the video is in the feed. */
  hasReason: boolean;
}

/** Author and words over the video, folded at two lines. */
export function Caption({ video, titleId, hasReason }: CaptionProps) {
  const { t, i18n } = useTranslation();
  const publishedMs = Date.parse(video.published_at ?? video.created_at);
  return (
    <div className="text-shadow-video pointer-events-auto flex max-h-[60cqh] flex-col items-start overflow-y-auto text-white">
      {hasReason && <Reason video={video} />}
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
      <Words video={video} titleId={titleId} />
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

/** On top of all words, whose places it leaves as they are. */
function Reason({ video }: { video: FeedVideo }) {
  const { t } = useTranslation();
  const { key, values } = reasonText(video);
  return (
    <p className="max-w-full shrink-0 truncate text-xs text-white/85">
      <bdi>{t(key, values)}</bdi>
    </p>
  );
}

/** Title and description. Folded, the last line ends in dots and the way to the rest, both beside the words. */
function Words({ video, titleId }: { video: FeedVideo; titleId: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const words = useRef<HTMLDivElement>(null);
  const isLong = useIsCut(words, isOpen, video.title + video.description);
  const turn = () => {
    flushSync(() => setOpen(!isOpen));
    words.current?.querySelector("button")?.focus({ preventScroll: true });
  };
  return (
    <div ref={words} dir="auto" className={`text-sm ${isOpen ? "" : "line-clamp-2"}`}>
      <div>
        {isLong && !isOpen && <FoldedEnd text={t("feed.more")} onOpen={turn} />}
        <h2 id={titleId} className="inline font-normal">
          <RichText text={video.title} linkClass="font-semibold hover:underline" />
        </h2>
        {video.description !== "" && (
          <span className="whitespace-pre-line text-white/90">
            {" "}
            <RichText text={video.description} linkClass="font-semibold hover:underline" />
          </span>
        )}
        {isOpen && (
          <button type="button" aria-expanded className={foldClass} onClick={turn}>
            <bdi>{t("feed.less")}</bdi>
          </button>
        )}
      </div>
    </div>
  );
}

/** The hashtags that the words do not contain already. */
function Tags({ video }: { video: FeedVideo }) {
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
