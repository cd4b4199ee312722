import { CloudUpload, Video } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatSize } from "#base/format/format.ts";
import { ChooseVideo } from "#parts/upload/choose-video.tsx";
import type { Picked } from "#parts/upload/queue/queue.ts";
import { FromAddress } from "./from-address.tsx";

interface DropAreaProps {
  /** The limit of this server; 0 where it has none, `null` until it is known. */
  bytesMax: number | null;
  isOver: boolean;
  onFiles: (files: Picked[]) => void;
  onAddress: (address: string) => void;
}

/** The one thing to do on an empty upload page: drop files, or on a phone choose or record one. */
export function DropArea({ bytesMax, isOver, onFiles, onAddress }: DropAreaProps) {
  const { t, i18n } = useTranslation();
  return (
    <div
      className={`animate-rise flex flex-1 flex-col items-center justify-center gap-3 rounded-2xl px-2 py-6 text-center transition-colors sm:min-h-[60dvh] sm:flex-none sm:border-2 sm:border-dashed sm:px-6 ${isOver ? "border-accent-strong bg-raised" : "border-line sm:bg-surface"}`}
    >
      <span
        className={`grid size-20 place-items-center rounded-full bg-raised text-accent-strong transition-transform duration-200 ${isOver ? "scale-110" : ""}`}
      >
        <CloudUpload size={36} strokeWidth={1.75} aria-hidden />
      </span>
      <p className="mt-2 hidden text-xl font-semibold sm:block">{isOver ? t("upload.dropNow") : t("upload.drop")}</p>
      <p className="hidden text-base text-soft sm:block">{t("upload.or")}</p>
      <p className="mt-2 text-xl font-semibold sm:hidden">{t("upload.start")}</p>
      <div className="mt-3 flex w-full max-w-80 flex-col gap-3 sm:w-auto">
        <ChooseVideo
          look="main"
          isMultiple
          className="min-h-14! px-6! text-base! sm:min-h-12!"
          icon={<CloudUpload size={20} aria-hidden />}
          onFiles={onFiles}
        />
        <ChooseVideo
          look="inverse"
          isCamera
          text={t("upload.record")}
          className="min-h-14! px-6! text-base! sm:hidden"
          icon={<Video size={20} aria-hidden />}
          onFiles={onFiles}
        />
      </div>
      <FromAddress onAddress={onAddress} />
      <p className={`mt-2 text-xs text-soft ${bytesMax === null ? "invisible" : ""}`}>
        {bytesMax !== null && bytesMax > 0
          ? t("upload.limit", { size: formatSize(bytesMax, i18n.language) })
          : t("upload.limitless")}
      </p>
    </div>
  );
}
