import { Check, FileVideo, Link2, Pause, Play, RotateCcw, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useTranslation } from "react-i18next";
import { formatRemaining, formatSize } from "../format/format.ts";
import { Button } from "../ui/button.tsx";
import { useErrorText } from "../ui/states.tsx";
import { ChooseVideo } from "./choose-video.tsx";
import { cancelUpload, pauseUpload, resumeUpload, retryUpload, type UploadState } from "./upload-store.ts";

interface FileCardProps {
  upload: UploadState;
  bytesMax: number;
  onFile: (file: File) => void;
}

/** The file: what it looks like, how far it is, how fast, how long still. */
export function FileCard({ upload, bytesMax, onFile }: FileCardProps) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  return (
    <section className="overflow-hidden rounded-2xl bg-surface" aria-label={upload.name}>
      <Preview key={upload.previewUrl} url={upload.previewUrl} />
      <div className="flex flex-col gap-3 p-4">
        <p className="flex items-baseline gap-3">
          <span className="min-w-0 flex-1 truncate font-medium">{upload.name}</span>
          {upload.step !== "elsewhere" && (
            <span className="tabular shrink-0 text-xs text-soft">{size(upload.sizeBytes)}</span>
          )}
        </p>
        {(upload.step === "sending" || upload.step === "paused") && <Sending upload={upload} />}
        {upload.step === "checking" && (
          <ProgressBar aria-label={t("upload.progress")} isIndeterminate className="flex flex-col gap-2">
            <p className="font-medium">{t("upload.checking")}</p>
            <div className="h-1.5 overflow-hidden rounded-full bg-raised">
              <div className="animate-sheen h-full w-full bg-accent" />
            </div>
            <p className="text-xs text-soft">{t("upload.checking.text")}</p>
          </ProgressBar>
        )}
        {upload.step === "stored" && (
          <p role="status" className="flex gap-3">
            <Check size={20} aria-hidden className="shrink-0 text-good" />
            <span>
              <span className="block font-medium">{t("upload.stored")}</span>
              <span className="text-xs text-soft">{t("upload.stored.text")}</span>
            </span>
          </p>
        )}
        {upload.step === "elsewhere" && (
          <p role="status" className="flex gap-3">
            <Link2 size={20} aria-hidden className="shrink-0 text-accent-strong" />
            <span className="min-w-0">
              <span className="block break-all">{upload.draft.address}</span>
              <span className="text-xs text-soft">{t("upload.address.text")}</span>
            </span>
          </p>
        )}
        {upload.step === "failed" && (
          <div role="alert" className="flex gap-3">
            <TriangleAlert size={20} aria-hidden className="shrink-0 text-bad" />
            <span>
              <span className="block font-medium">{t("upload.failed")}</span>
              <span className="text-soft">{upload.failure === null ? "" : text(upload.failure)}</span>
            </span>
          </div>
        )}
        <FileButtons {...{ upload, bytesMax, onFile }} />
      </div>
    </section>
  );
}

/** The actions on the file in its state. */
function FileButtons({ upload, bytesMax, onFile }: FileCardProps) {
  const { t } = useTranslation();
  if (upload.step === "failed")
    return (
      <div className="flex flex-col gap-2">
        <ChooseVideo look="main" onFile={onFile} text={t("upload.another")} />
        {upload.previewUrl !== null && upload.failure?.code !== "media.empty" && (
          <Button onPress={() => retryUpload(bytesMax)}>
            <RotateCcw size={16} aria-hidden />
            {t("upload.again")}
          </Button>
        )}
      </div>
    );
  return (
    <div className="flex flex-wrap gap-2">
      {upload.step === "sending" && (
        <Button onPress={pauseUpload} className="flex-1">
          <Pause size={16} aria-hidden />
          {t("upload.pause")}
        </Button>
      )}
      {upload.step === "paused" && (
        <Button look="main" onPress={resumeUpload} className="flex-1">
          <Play size={16} aria-hidden />
          {t("upload.resume")}
        </Button>
      )}
      <Button onPress={cancelUpload} className="flex-1">
        <X size={16} aria-hidden />
        {upload.step === "stored" || upload.step === "elsewhere" ? t("action.remove") : t("action.cancel")}
      </Button>
    </div>
  );
}

function Sending({ upload }: { upload: UploadState }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const { bytesPerSecond, secondsLeft } = upload.rate;
  const isMoving = upload.step === "sending" && upload.waitsFor === null;
  const title = upload.step === "paused" ? t("upload.paused") : isMoving ? t("upload.sending") : t("upload.waiting");
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  return (
    <ProgressBar
      aria-label={t("upload.progress")}
      value={upload.loadedBytes}
      maxValue={Math.max(1, upload.sizeBytes)}
      className="flex flex-col gap-2"
    >
      {({ percentage = 0 }) => (
        <>
          <p className="flex items-baseline justify-between gap-2">
            <span className="font-medium">{title}</span>
            <span className="tabular text-base font-semibold">{Math.floor(percentage)} %</span>
          </p>
          <div className="h-1.5 overflow-hidden rounded-full bg-raised">
            <div
              className="h-full origin-left rounded-full bg-accent transition-[width] duration-200"
              style={{ width: `${percentage}%` }}
            />
          </div>
          <p className="tabular flex min-h-8 flex-wrap justify-between gap-x-3 text-xs text-soft">
            <span>{t("upload.done", { done: size(upload.loadedBytes), total: size(upload.sizeBytes) })}</span>
            {bytesPerSecond !== null && <span>{t("upload.speed", { speed: size(bytesPerSecond) })}</span>}
            {isMoving && (
              <span>
                {secondsLeft === null
                  ? t("upload.leftUnknown")
                  : t("upload.left", { time: formatRemaining(secondsLeft, i18n.language) })}
              </span>
            )}
          </p>
          {upload.waitsFor !== null && (
            <p role="status" className="text-xs text-soft">
              {text(upload.waitsFor)}
            </p>
          )}
        </>
      )}
    </ProgressBar>
  );
}

/** The file itself, as far as this browser can show it. */
function Preview({ url }: { url: string | null }) {
  const [isShown, setShown] = useState(false);
  return (
    <div className="relative grid aspect-video place-items-center bg-black text-white/70">
      <FileVideo size={32} strokeWidth={1.5} aria-hidden />
      {url !== null && (
        <video
          src={`${url}#t=0.5`}
          muted
          playsInline
          preload="metadata"
          tabIndex={-1}
          aria-hidden
          className={`absolute inset-0 size-full bg-black object-contain transition-opacity ${isShown ? "" : "opacity-0"}`}
          onLoadedData={(event) => setShown(event.currentTarget.videoWidth > 0)}
        />
      )}
    </div>
  );
}
