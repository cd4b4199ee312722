import { ChevronDown, FileVideo, FolderOpen, Pause, Play, RefreshCw, RotateCcw, X } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { ChooseVideo } from "#parts/upload/choose-video.tsx";
import type { Upload } from "#parts/upload/upload.ts";
import { failureOf } from "#parts/upload/queue/item.ts";
import { giveFile, pauseItems, removeItem, resumeItems } from "#parts/upload/queue/queue.ts";
import { useMediaCheck } from "#parts/upload/use-media-check.ts";
import { PublishedState } from "./published-state.tsx";
import { TransferState } from "./transfer-state.tsx";

interface UploadCardProps {
  upload: Upload;
  isSelected: boolean;
  /** There is no other: nothing can be selected. */
  isAlone: boolean;
  isFileMissing: boolean;
  /** It was just added, and what was pressed for that is gone. */
  isAdded: boolean;
  onSelect: () => void;
}

/** One video: what it looks like, how far it is, how fast, how long still. */
export function UploadCard({ upload, isSelected, isAlone, isFileMissing, isAdded, onSelect }: UploadCardProps) {
  const { t } = useTranslation();
  const { status, name, draft, videoId } = upload;
  const thumbnailUrl = useMediaCheck(upload);
  const isPublished = status === "published";
  const card = useRef<HTMLElement>(null);
  // The details of the card before it, which may have been above it, are closed.
  useEffect(() => {
    if (isSelected && !isAlone) card.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected, isAlone]);
  useEffect(() => {
    if (isAdded && document.activeElement === document.body) card.current?.focus({ preventScroll: true });
  }, [isAdded]);
  const title = isAlone || draft.title.trim() === "" ? name : draft.title;
  return (
    <article
      ref={card}
      tabIndex={-1}
      aria-label={name}
      data-status={status}
      className={`relative scroll-mt-4 scroll-mb-28 rounded-xl bg-surface p-2.5 outline-none transition-colors ${!isAlone && isSelected ? "ring-2 ring-ink" : ""} ${isAlone || isPublished ? "" : "hover:bg-raised"}`}
    >
      <div className="flex items-center gap-3">
        <Thumbnail url={thumbnailUrl} />
        <div className="min-w-0 flex-1 self-start pt-1.5">
          {isAlone || isPublished ? (
            <p className="truncate font-semibold">
              <bdi>{title}</bdi>
            </p>
          ) : (
            <button
              type="button"
              aria-pressed={isSelected}
              className="block w-full truncate text-start font-semibold after:absolute after:inset-0 after:rounded-xl"
              onClick={onSelect}
            >
              <bdi>{title}</bdi>
              <span className="sr-only"> · {t("upload.edit", { name })}</span>
            </button>
          )}
          {videoId === null ? (
            <TransferState upload={upload} isAlone={isAlone} />
          ) : (
            <PublishedState videoId={videoId} />
          )}
          {!isAlone && !isPublished && (
            <p aria-hidden className="mt-1 flex items-center gap-1 text-xs font-medium sm:hidden">
              {t(isSelected ? "queue.fold" : "upload.details")}
              <ChevronDown size={14} className={isSelected ? "rotate-180" : ""} />
            </p>
          )}
        </div>
        <CardButtons upload={upload} />
      </div>
      <Trouble upload={upload} isFileMissing={isFileMissing} />
    </article>
  );
}

function Thumbnail({ url }: { url: string | null }) {
  return (
    <span className="relative grid size-18 shrink-0 place-items-center overflow-hidden rounded-lg bg-raised text-soft">
      {url === null ? (
        <FileVideo size={26} strokeWidth={1.5} aria-hidden />
      ) : (
        <img src={url} alt="" className="absolute inset-0 size-full object-cover" />
      )}
    </span>
  );
}

/** Stops, goes on with and removes the file. */
function CardButtons({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const { key, name, status } = upload;
  const isPublished = status === "published";
  const removal = useRef<HTMLButtonElement>(null);
  const remove = () => {
    const removed = removeItem(key);
    if (removed === null || isPublished) {
      removed?.end();
      return;
    }
    setTimeout(removed.end, undoMs);
    // The button that had the focus is removed: what can be pressed next has it.
    const focusAfter = () => document.querySelector<HTMLElement>("main article button, main input[type=file]");
    showToast(t("upload.removed", { name }), { name: t("action.undo"), run: removed.undo }, undoMs, { focusAfter });
  };
  return (
    <span className="relative z-10 flex shrink-0 self-start">
      {(status === "sending" || status === "waiting" || status === "paused") && (
        <PauseButton upload={upload} heir={removal} />
      )}
      <IconButton
        ref={removal}
        label={t(isPublished ? "upload.dismiss" : "upload.remove", { name })}
        isDisabled={upload.publish === "sending"}
        onPress={remove}
      >
        <X size={20} aria-hidden />
      </IconButton>
    </span>
  );
}

/** Stops a transfer or goes on with it. It goes when all is sent: who was at it is at the button beside it then. */
function PauseButton({ upload, heir }: { upload: Upload; heir: RefObject<HTMLButtonElement | null> }) {
  const { t } = useTranslation();
  const { key, name, status } = upload;
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(
    () => () => {
      if (document.activeElement === button.current) heir.current?.focus({ preventScroll: true });
    },
    [heir],
  );
  const isPaused = status === "paused";
  const PauseIcon = isPaused ? Play : Pause;
  return (
    <IconButton
      ref={button}
      label={t(isPaused ? "queue.resume" : "queue.pause", { name })}
      onPress={() => (isPaused ? void resumeItems([key]) : pauseItems([key]))}
    >
      <PauseIcon size={20} aria-hidden />
    </IconButton>
  );
}

/** Why a file did not get there, in full, with the ways on. */
function Trouble({ upload, isFileMissing }: Pick<UploadCardProps, "upload" | "isFileMissing">) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { key, status, failure, hasFile, hasHandle } = upload;
  if (status !== "failed" && status !== "lost") return null;
  const isLost = status === "lost";
  const words = isLost ? t(hasHandle ? "upload.lost.allow" : "upload.lost") : failure && text(failureOf(failure));
  const replace = isLost ? t("upload.lost.choose") : t("studio.replaceFile");
  // A refused file stays refused.
  const mayRetry = !isLost && hasFile && failure !== null && !hopeless.has(failure.code);
  return (
    <div data-field="file" className="relative z-10 mt-2 flex flex-col gap-2.5 ps-0.5">
      <p role="alert" className={isLost && !isFileMissing ? "text-soft" : "text-bad"}>
        {words}
      </p>
      <div className="flex flex-wrap gap-2">
        {isLost && hasHandle && (
          <Button onPress={() => void resumeItems([key])}>
            <FolderOpen size={16} aria-hidden />
            {t("queue.lost.goOn")}
          </Button>
        )}
        <ChooseVideo
          text={replace}
          icon={<RefreshCw size={16} aria-hidden />}
          onFiles={([picked]) => picked && void giveFile(key, picked)}
        />
        {mayRetry && (
          <Button onPress={() => void resumeItems([key])}>
            <RotateCcw size={16} aria-hidden />
            {t("action.retry")}
          </Button>
        )}
      </div>
    </div>
  );
}

const hopeless: ReadonlySet<string> = new Set([
  "media.empty",
  "upload.not_media",
  "upload.too_large",
  "media.format_off",
  "media.unreadable",
  "media.unsupported",
  "media.encrypted",
  "media.no_streams",
  "media.unknown_picture",
  "media.unknown_sound",
]);
