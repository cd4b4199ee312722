import { useQuery } from "@tanstack/react-query";
import { LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { taskQuery } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { ChooseFile } from "#base/ui/fields/choose-file.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { TimeLeft } from "#base/ui/states/time-left.tsx";
import { videoFiles } from "#parts/upload/choose-video.tsx";
import { failureOf, isActive } from "#parts/upload/queue/item.ts";
import { replaceFile, useReplacement } from "./edit/replacements.ts";
import { isFetched } from "./use-processing.ts";

const pollMs = 2_000;

/** How the video is doing in words; the first line of its description where it simply plays. */
export function VideoState({ video, isRunning }: { video: Video; isRunning: boolean }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const sending = useReplacement(video.id);
  const { replacement } = video;
  if (sending !== undefined && isActive(sending)) {
    const percent = Math.floor((100 * sending.sentBytes) / Math.max(1, sending.sizeBytes));
    return <Bar text={t("my.file.sending", { name: sending.name })} percent={percent} />;
  }
  if (sending?.failure != null) return <Failed video={video} text={text(failureOf(sending.failure))} />;
  if (sending?.status === "lost") return <Failed video={video} text={t("upload.lost")} />;
  if (replacement?.status === "processing")
    return <Processing mediaId={replacement.media_id} text={t("my.status.replacing")} />;
  if (replacement?.status === "failed") return <Failed video={video} text={t("my.status.replaceFailed")} />;
  if (isFetched(video)) return <Processing mediaId={0} text={t("my.status.fetching")} />;
  if (video.status === 0 || isRunning) return <Processing mediaId={video.media_id} text={t("my.status.processing")} />;
  if (video.status === 2 || video.status === 3) {
    const reason = video.status_reason;
    const why =
      reason == null ? "" : errorText({ code: reason.error, message: reason.message }, textsOf(i18n.language));
    const what = video.status === 2 ? t("my.status.failed") : t("my.status.removed");
    const full = why === "" ? what : `${what} · ${why}`;
    return video.status === 2 ? <Failed video={video} text={full} /> : <FailedLine text={full} />;
  }
  if (video.is_draft && video.publish_at === null)
    return <span className="text-xs text-soft">{t("studio.state.draft")}</span>;
  const [line = ""] = video.description.split("\n");
  return line.trim() === "" ? null : (
    <span className="hidden truncate text-xs text-soft lg:block">
      <bdi>{line}</bdi>
    </span>
  );
}

function Processing({ mediaId, text }: { mediaId: number; text: string }) {
  const task = useQuery({ ...taskQuery(mediaId), enabled: mediaId > 0, refetchInterval: pollMs });
  const { status, progress = 0 } = task.data ?? {};
  if (status === "running")
    return (
      <Bar text={text} percent={Math.floor(progress)}>
        <TimeLeft task={task.data} />
      </Bar>
    );
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 text-xs text-soft">
      <LoaderCircle size={14} aria-hidden className="animate-spin" />
      {text}
    </span>
  );
}

function Bar({ text, percent, children }: { text: string; percent: number; children?: ReactNode }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-soft">
      <span aria-hidden className="h-1 w-full overflow-hidden rounded-full bg-strong lg:w-22">
        <span className="block h-full bg-good" style={{ width: `${percent}%` }} />
      </span>
      {text} <span className="tabular">{percent} %</span> {children}
    </span>
  );
}

/** Why a file could not be used, in full, and the way to another one. */
function Failed({ video, text }: { video: Video; text: string }) {
  const { t } = useTranslation();
  return (
    <>
      <FailedLine text={text} />
      <span className="relative z-10 self-start">
        <ChooseFile
          text={t("studio.replaceFile")}
          accept={videoFiles}
          onFile={(file) => void replaceFile(video.id, file)}
        />
      </span>
    </>
  );
}

export const FailedLine = ({ text }: { text: string }) => (
  <span className="flex items-start gap-1.5 text-xs text-bad">
    <TriangleAlert size={14} aria-hidden className="mt-px shrink-0" />
    <span className="wrap-anywhere">{text}</span>
  </span>
);
