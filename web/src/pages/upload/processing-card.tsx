import { Check, CircleStop, LoaderCircle, RotateCcw, Share2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Task, Video } from "#base/api/types.ts";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { VisibilityBadge } from "#base/ui/fields/visibility.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { TimeLeft } from "#base/ui/states/time-left.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { useShareVideo } from "#parts/share/use-share-video.tsx";
import { FileNotices } from "#parts/upload/file-notices.tsx";
import { Ladder } from "#parts/upload/ladder.tsx";
import { UploadHeader } from "#parts/upload/upload-header.tsx";
import { isFetched, isNeverThere, isUnderWay, useProcessingActions } from "#pages/studio/use-processing.ts";
import { useVideoProgress } from "./use-video-progress.ts";

/** By the video's status. */
const titles = [
  "processing.title",
  "processing.titleReady",
  "processing.titleFailed",
  "processing.titleFailed",
  "processing.titleReady",
] as const;
/** The progress of a published video until it plays, with reasons. Its address survives a reload. */
export function ProcessingCard({ videoId }: { videoId: number }) {
  const { t } = useTranslation();
  const { video, task } = useVideoProgress(videoId);
  if (video.isError && video.data === undefined) {
    return <ErrorState error={video.error} onRetry={() => void video.refetch()} />;
  }
  return (
    <div className="mx-auto max-w-xl px-4 sm:py-8">
      <UploadHeader title={t(titles[video.data?.status ?? 0] ?? titles[0])} />
      {video.data === undefined ? (
        <Skeleton className="h-80 rounded-2xl!" />
      ) : (
        <Progressing video={video.data} task={task.data} />
      )}
    </div>
  );
}

function Progressing({ video, task }: { video: Video; task: Task | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="animate-rise overflow-hidden rounded-2xl bg-surface">
      <Cover video={video} className="aspect-video rounded-none!" />
      <div className="flex flex-col gap-4 p-5">
        <div>
          <h2 className="text-base font-semibold">{video.title}</h2>
          <p className="mt-0.5 text-xs text-soft">
            <VisibilityBadge visibility={video.visibility} />
          </p>
        </div>
        <div role="status" className="flex flex-col gap-4">
          {isFetched(video) ? (
            <Step look="busy" title={t("processing.fetching")} text={t("processing.fetching.text")} />
          ) : (
            <>
              {!isNeverThere(video) && <Step look="done" title={t("upload.stored")} />}
              <Now video={video} task={task} />
            </>
          )}
        </div>
        {(video.status === 1 || video.status === 4) && <Ready video={video} task={task} />}
        <Steering video={video} task={task} />
        <div className="flex flex-wrap gap-2 border-t border-line pt-4">
          <LinkButton to="/studio" className="flex-1">
            {t("nav.studio")}
          </LinkButton>
          <LinkButton to="/upload" search={{}} className="flex-1">
            {t("processing.next")}
          </LinkButton>
        </div>
      </div>
    </section>
  );
}

/** Ends what is being made, or begins it anew. */
function Steering({ video, task }: { video: Video; task: Task | undefined }) {
  const { t } = useTranslation();
  const { isBusy, cancel, retry } = useProcessingActions(video);
  if (isUnderWay(task))
    return (
      <Button isBusy={isBusy} onPress={cancel}>
        <CircleStop size={18} aria-hidden />
        {t("processing.cancel")}
      </Button>
    );
  if (video.status_reason?.error !== "media.cancelled") return null;
  return (
    <Button look="main" isBusy={isBusy} onPress={retry}>
      <RotateCcw size={18} aria-hidden />
      {t("processing.again")}
    </Button>
  );
}

function Now({ video, task }: { video: Video; task: Task | undefined }) {
  const { t, i18n } = useTranslation();
  if (video.status === 1 || video.status === 4) {
    const where = video.status === 4 ? "draft" : video.visibility;
    return <Step look="done" title={t("processing.ready")} text={t(`processing.ready.${where}`)} />;
  }
  if (video.status !== 0 && !isUnderWay(task)) {
    const reason = video.status_reason;
    const why =
      reason == null ? "" : errorText({ code: reason.error, message: reason.message }, textsOf(i18n.language));
    return <Step look="failed" title={t("processing.failed")} text={`${why} ${t("processing.failed.safe")}`.trim()} />;
  }
  if (task?.status === "queued") {
    return <Step look="busy" title={t("processing.queued")} text={t("processing.queued.text")} />;
  }
  return (
    <Step look="busy" title={t("processing.running")} text={t("processing.running.text")}>
      {task !== undefined && task.progress > 0 && (
        <div className="mt-2 flex items-center gap-3">
          <div className="h-1.5 flex-1 overflow-hidden rounded-full bg-raised">
            <div
              className="h-full rounded-full bg-accent transition-[width] duration-200"
              style={{ width: `${task.progress}%` }}
            />
          </div>
          <span className="tabular w-10 text-end text-xs font-semibold">{Math.floor(task.progress)} %</span>
        </div>
      )}
      <TimeLeft task={task} className="mt-1 text-xs text-soft" />
    </Step>
  );
}

function Ready({ video, task }: { video: Video; task: Task | undefined }) {
  const { t } = useTranslation();
  const isGoingOn = task?.status === "running" || task?.status === "queued";
  const { share, sheet } = useShareVideo(video);
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <LinkButton look="main" to="/watch/$id" params={{ id: video.id }} className="min-h-12 flex-1 text-base">
          {t("processing.watch")}
        </LinkButton>
        {video.visibility !== "private" && (
          <Button onPress={share} className="min-h-12">
            <Share2 size={18} aria-hidden />
            {t("action.share")}
          </Button>
        )}
      </div>
      {sheet}
      <Ladder mediaId={video.media_id} />
      <FileNotices mediaId={video.media_id} />
      {isGoingOn && (
        <p className="text-xs text-soft">
          {t("processing.more")} <TimeLeft task={task} />
        </p>
      )}
    </>
  );
}

interface StepProps {
  look: "done" | "busy" | "failed";
  title: string;
  text?: string;
  children?: ReactNode;
}

function Step({ look, title, text, children }: StepProps) {
  const icons = {
    done: <Check size={20} aria-hidden className="text-good" />,
    busy: <LoaderCircle size={20} aria-hidden className="animate-spin text-accent-strong" />,
    failed: <TriangleAlert size={20} aria-hidden className="text-bad" />,
  };
  return (
    <div className="flex gap-3">
      <span className="mt-px shrink-0">{icons[look]}</span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {text !== undefined && <p className="text-soft">{text}</p>}
        {children}
      </div>
    </div>
  );
}
