import { useQuery } from "@tanstack/react-query";
import { FileVideo, RefreshCw, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useTranslation } from "react-i18next";
import { patchVideo, taskQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { formatLength, formatSize } from "#base/format/format.ts";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ChooseFile } from "#base/ui/fields/choose-file.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { TimeLeft } from "#base/ui/states/time-left.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { videoFiles } from "#parts/upload/choose-video.tsx";
import { FileNotices } from "#parts/upload/file-notices.tsx";
import { failureOf, isActive } from "#parts/upload/queue/item.ts";
import { cancelReplacement, type Replacement, replaceFile, useReplacement } from "./replacements.ts";

const pollMs = 2_000;

/**
 * The file of one's own video, and another for it. Takes effect immediately; the old one plays until the new one can.
 */
export function FileEditor({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const sending = useReplacement(video.id);
  const [problem, setProblem] = useState<string | null>(null);
  const { replacement } = video;
  useSwitchToast(video);

  const keep = async () => {
    setProblem(null);
    try {
      patchVideo(video.id, await ask("video.keepMedia", { path: { id: video.id } }));
    } catch (thrown) {
      setProblem(text(thrown));
    }
  };
  const choose = (file: File) => {
    setProblem(null);
    void replaceFile(video.id, file);
  };
  const reason = replacement?.status_reason;
  const why = reason == null ? "" : errorText({ code: reason.error, message: reason.message }, textsOf(i18n.language));
  const isSending = sending !== undefined && isActive(sending);
  const isLost = sending?.status === "lost";
  const isPreparing = !isSending && replacement?.status === "processing";
  return (
    <div role="group" aria-label={t("my.file")} className="flex flex-col gap-2">
      <span className="text-sm font-medium" aria-hidden>
        {t("my.file")}
      </span>
      <p className="flex items-center gap-3">
        <FileVideo size={18} aria-hidden className="shrink-0 text-soft" />
        <span className="tabular">
          {formatLength(video.duration)} · {formatSize(video.file_size, i18n.language)}
        </span>
      </p>
      <FileNotices mediaId={video.media_id} />
      {isSending && <Sending sending={sending} onCancel={() => cancelReplacement(video.id)} />}
      {isPreparing && replacement !== null && <Preparing mediaId={replacement.media_id} onCancel={() => void keep()} />}
      {sending?.failure != null && (
        <Problem>
          {t("my.file.notSent")} {text(failureOf(sending.failure))}
        </Problem>
      )}
      {isLost && <p className="text-sm text-soft">{t("upload.lost")}</p>}
      {!isSending && replacement?.status === "failed" && (
        <Problem>
          {t("my.file.failed")} {why}
        </Problem>
      )}
      {problem !== null && <Problem>{problem}</Problem>}
      {!isSending && !isPreparing && (
        <div className="flex flex-wrap gap-2">
          <ChooseFile
            text={t("my.file.choose")}
            icon={<RefreshCw size={18} aria-hidden />}
            accept={videoFiles}
            onFile={choose}
          />
          {(isLost || replacement?.status === "failed") && (
            <Button look="ghost" onPress={() => (isLost ? cancelReplacement(video.id) : void keep())}>
              {t("my.file.dismiss")}
            </Button>
          )}
        </div>
      )}
      <p className="text-xs text-soft">{t("my.file.text")}</p>
    </div>
  );
}

function Sending({ sending, onCancel }: { sending: Replacement; onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <Bar
      name={t("my.file.sending", { name: sending.name })}
      percent={(100 * sending.sentBytes) / Math.max(1, sending.sizeBytes)}
      onCancel={onCancel}
    />
  );
}

function Preparing({ mediaId, onCancel }: { mediaId: number; onCancel: () => void }) {
  const { t } = useTranslation();
  const task = useQuery({ ...taskQuery(mediaId), refetchInterval: pollMs });
  return (
    <Bar name={t("my.file.preparing")} percent={task.data?.progress ?? 0} onCancel={onCancel}>
      <TimeLeft task={task.data} className="text-xs text-soft" />
    </Bar>
  );
}

interface BarProps {
  name: string;
  percent: number;
  onCancel: () => void;
  children?: ReactNode;
}

function Bar({ name, percent, onCancel, children }: BarProps) {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex items-center gap-3 rounded-lg bg-raised py-2 pe-2 ps-4">
      <ProgressBar aria-label={name} value={percent} className="min-w-0 flex-1">
        <p className="flex items-baseline justify-between gap-2">
          <span className="min-w-0 truncate font-medium">{name}</span>
          <span className="tabular font-semibold">{Math.floor(percent)} %</span>
        </p>
        <div className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-line">
          <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
        </div>
        {children}
      </ProgressBar>
      <Button look="ghost" onPress={onCancel}>
        <X size={16} aria-hidden />
        {t("action.cancel")}
      </Button>
    </div>
  );
}

/** Shows a toast when the new file has taken its place. */
function useSwitchToast({ media_id: mediaId, replacement }: Video): void {
  const { t } = useTranslation();
  const awaited = useRef<number | null>(null);
  useEffect(() => {
    if (awaited.current === mediaId) showToast(t("my.file.done"));
    awaited.current = replacement?.media_id ?? null;
  }, [mediaId, replacement, t]);
}
