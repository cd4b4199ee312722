import { Link } from "@tanstack/react-router";
import { Check, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatDate } from "#base/format/format.ts";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { ChooseVideo } from "#parts/upload/choose-video.tsx";
import { FileNotices } from "#parts/upload/file-notices.tsx";
import { Ladder } from "#parts/upload/ladder.tsx";
import { replaceFile } from "#pages/studio/edit/replacements.ts";
import { isFetched } from "#pages/studio/use-processing.ts";
import { useVideoProgress } from "./use-video-progress.ts";

/** How a published video is doing, on its card. */
export function PublishedState({ videoId }: { videoId: number }) {
  const { t, i18n } = useTranslation();
  const { video, task } = useVideoProgress(videoId);
  const data = video.data;
  if (data === undefined) return <p className="text-xs text-soft">{t("upload.published")}</p>;
  if (data.status === 1 || data.status === 4) {
    const planned = data.publish_at === null ? null : formatDate(Date.parse(data.publish_at), i18n.language);
    return (
      <div role="status" className="text-xs text-soft">
        <p className="flex flex-wrap items-center gap-x-1.5">
          <Check size={14} aria-hidden className="shrink-0 text-good" />
          {t("processing.ready")}
          <Link
            to="/watch/$id"
            params={{ id: videoId }}
            aria-label={t("upload.watch", { title: data.title })}
            className="relative z-10 font-semibold text-ink underline underline-offset-4"
          >
            {t("processing.watch")}
          </Link>
        </p>
        {planned !== null && <p className="mt-0.5">{t("publish.isPlanned", { when: planned })}</p>}
        <Ladder mediaId={data.media_id} />
        <FileNotices mediaId={data.media_id} />
      </div>
    );
  }
  if (data.status !== 0) {
    const reason = data.status_reason;
    const why =
      reason == null ? "" : errorText({ code: reason.error, message: reason.message }, textsOf(i18n.language));
    return (
      <div className="flex flex-col items-start gap-2">
        <p role="alert" className="text-xs text-bad">
          {t("processing.failed")}. {why}
        </p>
        <ChooseVideo
          text={t("studio.replaceFile")}
          onFiles={([picked]) => picked && void replaceFile(videoId, picked.file)}
        />
      </div>
    );
  }
  const text = isFetched(data) ? t("processing.fetching") : t("processing.running");
  const progress = task.data === undefined || task.data.progress === 0 ? "" : ` · ${Math.floor(task.data.progress)} %`;
  return (
    <p role="status" className="tabular flex items-center gap-1.5 text-xs text-soft">
      <LoaderCircle size={14} aria-hidden className="shrink-0 animate-spin" />
      {text}
      {progress}
    </p>
  );
}
