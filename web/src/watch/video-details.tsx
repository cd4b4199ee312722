import { Link, useNavigate } from "@tanstack/react-router";
import { Bookmark, Download, Heart, HardDriveDownload, Pencil, Share2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Video } from "../api/types.ts";
import { ChooseFolder } from "../favorites/choose-folder.tsx";
import { formatAgo, formatCount, formatDate } from "../format/format.ts";
import { ReportButton } from "../moderation/report-button.tsx";
import { SaveToPlaylist } from "../playlists/save-to-playlist.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { useCategories } from "../ui/category-select.tsx";
import { DownloadLink } from "../ui/download-link.tsx";
import { Button, buttonClass, LinkButton } from "../ui/button.tsx";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { FollowButton } from "../ui/follow-button.tsx";
import { useFavorite, useLike, useShare } from "../ui/use-video-actions.ts";
import { TimedText } from "./timed-text.tsx";
import { RichText } from "../text/rich-text.tsx";
import { VisibilityBadge } from "../ui/visibility.tsx";

/** Goes to a moment of the film; `null` while it cannot be played. */
type Seek = ((seconds: number) => void) | null;

/** Title, author, what can be done, and the words that belong to the video. */
export function VideoDetails({ video, onSeek }: { video: Video; onSeek: Seek }) {
  const { t, i18n } = useTranslation();
  const like = useLike(video);
  const share = useShare(video);
  const favorite = useFavorite(video);
  return (
    <div className="px-4 pt-4 sm:px-0">
      <h1 className="text-xl font-semibold text-pretty">
        <RichText text={video.title} />
      </h1>
      <Facts video={video} />
      <div className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-3">
        <Link
          to="/@{$username}"
          params={{ username: video.user.username }}
          className="me-auto flex min-h-11 min-w-0 items-center gap-3 rounded-lg pe-3 font-semibold hover:underline"
        >
          <Avatar user={video.user} size="medium" />
          <span className="truncate text-base">{video.user.nickname || video.user.username}</span>
        </Link>
        {!video.is_mine && <FollowButton user={video.user} />}
        <div className="flex flex-wrap gap-2">
          <span className="inline-flex items-center rounded-lg bg-raised">
            <Button
              aria-label={t("action.like")}
              aria-pressed={video.is_liked}
              onPress={() => like()}
              className="px-3!"
            >
              <Heart size={20} aria-hidden className={video.is_liked ? "fill-accent text-accent" : ""} />
            </Button>
            <span className="tabular pe-4 text-sm font-semibold">{formatCount(video.like_count, i18n.language)}</span>
          </span>
          <Button aria-pressed={video.is_favorited} onPress={favorite}>
            <Bookmark size={18} aria-hidden className={video.is_favorited ? "fill-accent text-accent" : ""} />
            {video.is_favorited ? t("favorite.kept") : t("favorite.keep")}
          </Button>
          {video.is_favorited && <ChooseFolder video={video} />}
          <SaveToPlaylist video={video} />
          <Button onPress={share}>
            <Share2 size={18} aria-hidden />
            {t("action.share")}
          </Button>
          <DownloadLink video={video} className={buttonClass()}>
            <Download size={18} aria-hidden />
            {t("action.download")}
          </DownloadLink>
          {!video.is_mine && <ReportButton thing={{ kind: "video", id: video.id }} />}
          {video.is_mine && <SaveToDrive video={video} />}
          {video.is_mine && (
            <LinkButton to="/my" search={{ edit: video.id }}>
              <Pencil size={18} aria-hidden />
              {t("action.edit")}
            </LinkButton>
          )}
        </div>
      </div>
      {video.description !== "" && <Description video={video} onSeek={onSeek} />}
      <Tags tags={video.tags} />
    </div>
  );
}

/** Views, age, category and visibility. */
function Facts({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const category = useCategories().find(({ id }) => id === video.category_id);
  const publishedMs = Date.parse(video.published_at ?? video.created_at);
  const formatted = formatCount(video.play_count, i18n.language);
  // As high as the category that comes later.
  return (
    <p className="mt-1 flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1 text-soft">
      <span className="tabular">{t("count.views", { count: video.play_count, formatted })}</span>
      <span aria-hidden>·</span>
      <time dateTime={video.published_at ?? video.created_at} title={formatDate(publishedMs, i18n.language)}>
        {formatAgo(publishedMs, Date.now(), i18n.language)}
      </time>
      {category !== undefined && (
        <Link
          to="/category/$id"
          params={{ id: category.id }}
          className="-my-2 inline-flex min-h-11 items-center text-sm hover:underline"
        >
          <span className="rounded bg-raised px-1.5">{category.name}</span>
        </Link>
      )}
      {video.visibility !== "public" && <VisibilityBadge visibility={video.visibility} />}
    </p>
  );
}

/** Makes a file in the drive of one's own video, without sending it again. */
function SaveToDrive({ video }: { video: Video }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { name } = await ask("drive.fromMedia", { body: { media_id: video.media_id } });
      void queryClient.invalidateQueries({ queryKey: ["drive"] });
      showToast(t("watch.saved", { name }), {
        name: t("nav.drive"),
        run: () => void navigate({ to: "/drive", search: {} }),
      });
    } catch (thrown) {
      showToast(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button onPress={() => void save()} isBusy={isBusy}>
      <HardDriveDownload size={18} aria-hidden />
      {t("watch.save")}
    </Button>
  );
}

/** Words its maker gave it; each leads to what else is found by it. */
function Tags({ tags }: { tags: readonly string[] }) {
  const { t } = useTranslation();
  const words = [...new Set(tags)].filter((tag) => tag.trim() !== "");
  if (words.length === 0) return null;
  return (
    <ul aria-label={t("tags.label")} className="mt-3 flex flex-wrap gap-x-2">
      {words.map((tag) => (
        <li key={tag} className="max-w-full">
          <Link to="/search" search={{ q: tag }} className="flex min-h-11 items-center text-sm hover:underline">
            <span className="truncate rounded bg-raised px-2 py-0.5">{tag}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The description, folded when it is long. Addresses in it stay text: what strangers write leads nowhere outside by itself. */
function Description({ video, onSeek }: { video: Video; onSeek: Seek }) {
  const { t } = useTranslation();
  const text = video.description;
  const [isOpen, setOpen] = useState(false);
  const [isLong, setLong] = useState(false);
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element !== null && !isOpen) setLong(element.scrollHeight > element.clientHeight + 2);
  }, [text, isOpen]);
  return (
    <div className="mt-4 rounded-xl bg-raised px-4 py-3">
      <p
        ref={box}
        // A time that is folded away may be reached by key: it must be seen then.
        onFocus={() => setOpen(isLong || isOpen)}
        className={`text-sm whitespace-pre-line ${isOpen ? "" : "line-clamp-3"}`}
      >
        <TimedText
          text={isOpen ? text : text.replaceAll(/\n{2,}/g, "\n")}
          durationS={onSeek === null ? 0 : video.duration}
          onSeek={(seconds) => onSeek?.(seconds)}
        />
      </p>
      {(isLong || isOpen) && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="-mb-2 min-h-11 pe-4 font-semibold"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? t("watch.showLess") : t("watch.showMore")}
        </button>
      )}
    </div>
  );
}
