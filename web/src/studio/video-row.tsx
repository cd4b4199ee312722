import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  ChartNoAxesColumn,
  CircleStop,
  Eye,
  Heart,
  LoaderCircle,
  Pencil,
  RotateCcw,
  Send,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { taskQuery } from "../api/queries.ts";
import type { Video } from "../api/types.ts";
import { formatAgo, formatCount, formatDate } from "../format/format.ts";
import { errorText } from "../i18n/error-text.ts";
import { textsOf } from "../i18n/i18n.ts";
import { IconButton } from "../ui/button.tsx";
import { Cover } from "../ui/cover.tsx";
import { TimeLeft } from "../ui/time-left.tsx";
import { usePublishing } from "./publishing.tsx";
import { isFetched, useProcessing, useProcessingActions } from "./use-processing.ts";
import { VisibilityBadge } from "../ui/visibility.tsx";

/** One video of the owner: a card on a phone, a row of the table on wider screens. */
export function VideoRow({ video, onDelete }: { video: Video; onDelete: () => void }) {
  const { t, i18n } = useTranslation();
  const createdMs = Date.parse(video.created_at);
  const isWatched = video.status === 1 || video.status === 4;
  const views = formatCount(video.play_count, i18n.language);
  const likes = formatCount(video.like_count, i18n.language);
  const processing = useProcessing(video, pollMs);
  const publishing = usePublishing(video);
  return (
    <div
      role="row"
      className="grid grid-cols-1 items-center gap-x-2 rounded-xl bg-surface p-2 md:grid-cols-(--my-columns) md:gap-x-4 md:rounded-none md:border-b md:border-line md:bg-transparent md:px-2 md:py-3"
    >
      <div role="cell" className="min-w-0">
        <Link
          to={isWatched ? "/watch/$id" : "/upload"}
          params={{ id: video.id }}
          search={isWatched ? {} : { video: video.id }}
          className="group flex items-center gap-3 rounded-lg"
        >
          <Cover video={video} className="aspect-video w-24 shrink-0 sm:w-32" />
          <span className="min-w-0 flex-1">
            <span className="line-clamp-2 font-medium group-hover:underline">{video.title}</span>
            <Status video={video} isRunning={processing.isRunning} />
            {publishing.problem !== null && <Failed text={publishing.problem} />}
            <span className="mt-1 flex flex-wrap items-center gap-x-2.5 gap-y-0.5 text-xs text-soft md:hidden">
              <VisibilityBadge visibility={video.visibility} />
              <span className="tabular inline-flex items-center gap-1">
                <Eye size={14} aria-hidden /> <span className="sr-only">{t("my.views")}</span> {views}
              </span>
              <span className="tabular inline-flex items-center gap-1">
                <Heart size={14} aria-hidden /> <span className="sr-only">{t("my.likes")}</span> {likes}
              </span>
            </span>
          </span>
        </Link>
      </div>
      <span role="cell" className="hidden text-soft md:block">
        <VisibilityBadge visibility={video.visibility} />
      </span>
      <span role="cell" className="hidden text-soft md:block">
        <time dateTime={video.created_at} title={formatDate(createdMs, i18n.language)}>
          {formatAgo(createdMs, Date.now(), i18n.language)}
        </time>
      </span>
      <span role="cell" className="tabular hidden text-end md:block">
        {views}
      </span>
      <span role="cell" className="tabular hidden text-end md:block">
        {likes}
      </span>
      <Actions {...{ video, processing, publishing, onDelete }} />
    </div>
  );
}

interface ActionsProps {
  video: Video;
  processing: ReturnType<typeof useProcessing>;
  publishing: ReturnType<typeof usePublishing>;
  onDelete: () => void;
}

/** The owner's actions on the video. */
function Actions({ video, processing, publishing, onDelete }: ActionsProps) {
  const { t } = useTranslation();
  const { cancel, retry } = useProcessingActions(video);
  return (
    <span role="cell" className="flex justify-end">
      {processing.isRunning && (
        <IconButton label={t("processing.cancelOf", { title: video.title })} onPress={cancel}>
          <CircleStop size={18} aria-hidden />
        </IconButton>
      )}
      {processing.mayRetry && (
        <IconButton label={t("processing.againOf", { title: video.title })} onPress={retry}>
          <RotateCcw size={18} aria-hidden />
        </IconButton>
      )}
      {video.is_draft && (
        <IconButton label={t("publish.nowOf", { title: video.title })} onPress={publishing.now}>
          <Send size={18} aria-hidden />
        </IconButton>
      )}
      <Link
        to="/studio/video/$id"
        params={{ id: video.id }}
        aria-label={t("statistics.of", { title: video.title })}
        className="inline-flex size-11 items-center justify-center rounded-full hover:bg-raised"
      >
        <ChartNoAxesColumn size={18} aria-hidden />
      </Link>
      <Link
        to="/studio"
        search={{ edit: video.id }}
        resetScroll={false}
        aria-label={t("my.editOf", { title: video.title })}
        className="inline-flex size-11 items-center justify-center rounded-full hover:bg-raised"
      >
        <Pencil size={18} aria-hidden />
      </Link>
      <IconButton label={t("my.deleteOf", { title: video.title })} onPress={onDelete}>
        <Trash2 size={18} aria-hidden />
      </IconButton>
    </span>
  );
}

const pollMs = 2_000;

function Processing({ mediaId, text }: { mediaId: number; text: string }) {
  const task = useQuery({ ...taskQuery(mediaId), enabled: mediaId > 0, refetchInterval: pollMs });
  const { status, progress = 0 } = task.data ?? {};
  return (
    <span className="mt-1 flex flex-wrap items-center gap-x-1.5 text-xs text-warn">
      <LoaderCircle size={14} aria-hidden className="animate-spin" />
      {text}
      {status === "running" && <span className="tabular">{Math.floor(progress)} %</span>}
      <TimeLeft task={task.data} className="text-soft" />
    </span>
  );
}

/** How the video is doing; nothing is said about one that simply plays. */
function Status({ video, isRunning }: { video: Video; isRunning: boolean }) {
  const { t, i18n } = useTranslation();
  const { replacement } = video;
  if (replacement?.status === "processing")
    return <Processing mediaId={replacement.media_id} text={t("my.status.replacing")} />;
  if (replacement?.status === "failed") return <Failed text={t("my.status.replaceFailed")} />;
  if (video.status === 1) return null;
  if (video.status === 4 || (video.is_draft && video.status === 1)) {
    const planned = video.publish_at === null ? null : Date.parse(video.publish_at);
    const said =
      planned === null ? t("my.status.draft") : t("publish.isPlanned", { when: formatDate(planned, i18n.language) });
    return <span className="text-xs text-soft">{said}</span>;
  }
  if (isFetched(video)) return <Processing mediaId={0} text={t("my.status.fetching")} />;
  if (video.status === 0 || isRunning) return <Processing mediaId={video.media_id} text={t("my.status.processing")} />;
  const reason = video.status_reason;
  const why = reason == null ? "" : errorText({ code: reason.error, message: reason.message }, textsOf(i18n.language));
  const what = video.status === 2 ? t("my.status.failed") : t("my.status.removed");
  return <Failed text={why === "" ? what : `${what} · ${why}`} />;
}

const Failed = ({ text }: { text: string }) => (
  <span className="mt-1 flex items-start gap-1.5 text-xs text-bad">
    <TriangleAlert size={14} aria-hidden className="mt-px shrink-0" />
    <span className="line-clamp-2">{text}</span>
  </span>
);
