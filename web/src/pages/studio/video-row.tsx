import { Link, useNavigate } from "@tanstack/react-router";
import {
  ChartNoAxesColumn,
  CircleStop,
  Clock,
  Download,
  Eye,
  Heart,
  Link2,
  MessageCircle,
  Pencil,
  RotateCcw,
  Send,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { formatDate, formatShortDay } from "#base/format/format.ts";
import { VisibilityBadge } from "#base/ui/fields/visibility.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { useDownload } from "#base/ui/videos/download-link.tsx";
import { useCopyLink } from "#base/ui/videos/use-video-actions.ts";
import { type Publication, usePublication } from "./edit/publishing.tsx";
import { SelectBox, type Selection, useLongPress } from "./selection.tsx";
import { type ProcessingState, useProcessing, useProcessingActions } from "./use-processing.ts";
import { FailedLine, VideoState } from "./video-state.tsx";

/** The columns of a row and of the heads over them. */
export const rowColumns =
  "lg:grid-cols-[44px_96px_minmax(0,1fr)_112px_132px_72px_64px_80px_44px] lg:items-center lg:gap-x-3 lg:px-2";

interface VideoRowProps {
  video: Video;
  selection: Selection;
  onDelete: () => void;
}

/** One video of the owner: a row of the table, or of a list on a phone. */
export function VideoRow({ video, selection, onDelete }: VideoRowProps) {
  const { t } = useTranslation();
  const isWatched = video.status === 1 || video.status === 4;
  const processing = useProcessing(video, pollMs);
  const publication = usePublication(video);
  const isSelected = selection.ids.has(video.id);
  const longPress = useLongPress(() => isSelected || selection.toggle(video.id));
  return (
    <div
      role="row"
      {...longPress}
      className={`relative flex items-start gap-3 py-2.5 lg:grid lg:min-h-18 lg:border-t lg:border-line lg:py-2 ${rowColumns} ${isSelected ? "bg-accent/10" : ""}`}
    >
      <span role="cell" className={selection.isSelecting ? "" : "hidden lg:block"}>
        <SelectBox
          label={t("studio.selectOf", { title: video.title })}
          isSelected={isSelected}
          onChange={() => selection.toggle(video.id)}
        />
      </span>
      <span aria-hidden className="shrink-0">
        <Cover video={video} className="h-[63px] w-28 lg:h-[54px] lg:w-24" />
      </span>
      <div role="cell" className="flex min-w-0 flex-1 flex-col gap-1">
        <Link
          to={isWatched ? "/watch/$id" : "/upload"}
          params={{ id: video.id }}
          search={isWatched ? {} : { video: video.id }}
          className="truncate font-semibold after:absolute after:inset-0 hover:underline"
        >
          <bdi>{video.title}</bdi>
        </Link>
        <VideoState video={video} isRunning={processing.isRunning} />
        {publication.problem !== null && <FailedLine text={publication.problem} />}
        <span className="flex flex-wrap items-center gap-x-1.5 text-xs text-soft lg:hidden">
          <Shown video={video} /> · <When video={video} />
        </span>
        <span className="tabular flex gap-3 text-xs text-soft empty:hidden lg:hidden">
          <Counted name={t("my.views")} icon={<Eye size={14} aria-hidden />} count={video.play_count} />
          <Counted name={t("my.likes")} icon={<Heart size={14} aria-hidden />} count={video.like_count} />
          <Counted name={t("my.comments")} icon={<MessageCircle size={14} aria-hidden />} count={video.comment_count} />
        </span>
      </div>
      <span role="cell" className="hidden text-sm text-soft lg:flex">
        <Shown video={video} />
      </span>
      <span role="cell" className="hidden text-sm text-soft lg:flex">
        <When video={video} />
      </span>
      <Number count={video.play_count} />
      <Number count={video.like_count} />
      <Number count={video.comment_count} />
      <span role="cell" className="relative z-10">
        <RowMenu {...{ video, processing, publication, onDelete }} />
      </span>
    </div>
  );
}

const pollMs = 2_000;

/** The visibility of a video; a planned one is visible to no viewer yet. */
function Shown({ video }: { video: Video }) {
  const { t } = useTranslation();
  if (video.publish_at === null) return <VisibilityBadge visibility={video.visibility} />;
  return (
    <span className="inline-flex items-center gap-1.5 text-ink">
      <Clock size={16} aria-hidden /> {t("studio.state.scheduled")}
    </span>
  );
}

function When({ video }: { video: Video }) {
  const { i18n } = useTranslation();
  const ms = Date.parse(video.publish_at ?? video.published_at ?? video.created_at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatDate(ms, i18n.language)}>
      {formatShortDay(ms, Date.now(), i18n.language)}
      {video.publish_at !== null && `, ${new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(ms)}`}
    </time>
  );
}

function Number({ count }: { count: number }) {
  const { i18n } = useTranslation();
  return (
    <span role="cell" className="tabular hidden text-end text-sm lg:block">
      {count > 0 && new Intl.NumberFormat(i18n.language).format(count)}
    </span>
  );
}

function Counted({ name, icon, count }: { name: string; icon: ReactNode; count: number }) {
  const { i18n } = useTranslation();
  if (count === 0) return null;
  return (
    <span className="inline-flex items-center gap-1">
      {icon} <span className="sr-only">{name}</span> {new Intl.NumberFormat(i18n.language).format(count)}
    </span>
  );
}

interface RowMenuProps {
  video: Video;
  processing: ProcessingState;
  publication: Publication;
  onDelete: () => void;
}

/** The owner's actions on the video. */
function RowMenu({ video, processing, publication, onDelete }: RowMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/studio" });
  const { cancel, retry } = useProcessingActions(video);
  const copy = useCopyLink(video);
  const download = useDownload(video);
  const edit = () => void navigate({ search: (before) => ({ ...before, edit: video.id }), resetScroll: false });
  const analytics = () => void navigate({ to: "/studio/video/$id", params: { id: video.id } });
  return (
    <MoreMenu
      label={t("studio.moreOf", { title: video.title })}
      actions={[
        { id: "edit", text: t("action.edit"), icon: <Pencil size={18} aria-hidden />, run: edit },
        {
          id: "analytics",
          text: t("studio.tab.analytics"),
          icon: <ChartNoAxesColumn size={18} aria-hidden />,
          run: analytics,
        },
        video.is_draft && {
          id: "publish",
          text: t("publish.now"),
          icon: <Send size={18} aria-hidden />,
          run: publication.now,
        },
        video.is_draft && {
          id: "schedule",
          text: t("studio.schedule"),
          icon: <Clock size={18} aria-hidden />,
          run: edit,
        },
        processing.isRunning && {
          id: "stop",
          text: t("processing.cancel"),
          icon: <CircleStop size={18} aria-hidden />,
          run: cancel,
        },
        processing.mayRetry && {
          id: "retry",
          text: t("processing.again"),
          icon: <RotateCcw size={18} aria-hidden />,
          run: retry,
        },
        { id: "link", text: t("action.copyLink"), icon: <Link2 size={18} aria-hidden />, run: copy },
        download !== null && {
          id: "download",
          text: t("action.download"),
          icon: <Download size={18} aria-hidden />,
          run: download,
        },
        {
          id: "delete",
          text: t("studio.delete"),
          icon: <Trash2 size={18} aria-hidden />,
          isDanger: true,
          run: onDelete,
        },
      ]}
    />
  );
}
