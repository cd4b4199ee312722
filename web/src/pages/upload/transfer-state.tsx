import { Check } from "lucide-react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useTranslation } from "react-i18next";
import { formatRemaining, formatSize } from "#base/format/format.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import type { Upload } from "#parts/upload/upload.ts";

/** How the file of an upload is doing, in one line and a bar; one that is alone has room for more words. */
export function TransferState({ upload, isAlone }: { upload: Upload; isAlone: boolean }) {
  const { t, i18n } = useTranslation();
  const { status, name, sizeBytes, draft } = upload;
  const size = formatSize(sizeBytes, i18n.language);
  if (status === "stored")
    return (
      <div role="status" className="text-xs text-soft">
        <p className="flex items-center gap-1.5">
          <Check size={14} aria-hidden className="shrink-0 text-good" />
          <span>
            {t("upload.stored")} · {size}
          </span>
        </p>
        {isAlone && upload.publish === "no" && <p className="mt-0.5">{t("upload.stored.text")}</p>}
      </div>
    );
  if (status === "elsewhere")
    return (
      <div role="status" className="text-xs text-soft">
        <p className="line-clamp-2 break-all">{draft.address}</p>
        <p className="mt-0.5">{t("upload.address.text")}</p>
      </div>
    );
  if (status === "failed" || status === "lost")
    return <p className="text-xs text-soft">{t(status === "failed" ? "upload.failed" : "upload.lost.title")}</p>;
  if (status === "checking")
    return (
      <ProgressBar aria-label={name} isIndeterminate className="flex flex-col gap-2">
        <p className="text-xs text-soft">{t("upload.checking")}</p>
        <span className="h-1 overflow-hidden rounded-full bg-strong">
          <span className="animate-sheen block h-full w-full bg-ink" />
        </span>
      </ProgressBar>
    );
  return <Bar upload={upload} />;
}

function Bar({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const { name, sentBytes, sizeBytes, publish, status } = upload;
  return (
    <ProgressBar aria-label={name} value={sentBytes} maxValue={Math.max(1, sizeBytes)} className="flex flex-col gap-2">
      {({ percentage = 0 }) => (
        <>
          <Line upload={upload} percent={Math.floor(percentage)} />
          <span className="h-1 overflow-hidden rounded-full bg-strong">
            <span
              className={`block h-full rounded-full transition-[width] duration-200 ${status === "sending" ? "bg-ink" : "bg-soft"}`}
              style={{ width: `${percentage}%` }}
            />
          </span>
          {publish === "wanted" && <span className="text-xs text-soft">{t("upload.publishSoon.short")}</span>}
        </>
      )}
    </ProgressBar>
  );
}

/** `68 % · 4.2 MB per second · 12 sec left`, or what it waits for. */
function Line({ upload, percent }: { upload: Upload; percent: number }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const { status, rate, waitsFor, sizeBytes } = upload;
  const { bytesPerSecond, secondsLeft } = rate;
  const size = formatSize(sizeBytes, i18n.language);
  if (status === "waiting") return <p className="text-xs text-soft">{`${t("upload.queued")} · ${size}`}</p>;
  if (status === "paused") return <p className="tabular text-xs text-soft">{`${t("upload.paused")} · ${percent} %`}</p>;
  if (waitsFor !== null)
    return (
      <p role="status" className="text-xs text-warn">
        {text(waitsFor)}
      </p>
    );
  const parts = [
    `${percent} %`,
    bytesPerSecond === null ? size : t("upload.speed", { speed: formatSize(bytesPerSecond, i18n.language) }),
    secondsLeft !== null && t("upload.left", { time: formatRemaining(secondsLeft, i18n.language) }),
  ].filter((part) => typeof part === "string");
  return <p className="tabular text-xs text-soft">{parts.join(" · ")}</p>;
}
