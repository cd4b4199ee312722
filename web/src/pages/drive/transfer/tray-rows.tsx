import { Check, CircleSlash, LoaderCircle, Pause, Play, RotateCcw, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useTranslation } from "react-i18next";
import { formatRemaining, formatSize } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { failureOf } from "#parts/upload/queue/item.ts";
import { cancelItems, pauseItems, resumeItems } from "#parts/upload/queue/queue.ts";
import type { Conflict } from "./drive-file.ts";
import { chooseFor, type DriveUpload } from "./uploads.ts";

/** One file on its way. */
export function TrayRow({ item }: { item: DriveUpload }) {
  const { t } = useTranslation();
  const { key, name, status } = item;
  const isMoving = status === "sending" || status === "waiting" || status === "preparing";
  return (
    <li className="flex items-center gap-2 rounded-lg py-1 ps-2" data-status={status}>
      <span className="grid size-5 shrink-0 place-items-center">{icons[status]}</span>
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium" title={name}>
          {name}
        </p>
        <Progress item={item} />
      </div>
      <span className="flex shrink-0">
        {isMoving && (
          <IconButton label={t("queue.pause", { name })} onPress={() => pauseItems([key])}>
            <Pause size={16} aria-hidden />
          </IconButton>
        )}
        {(status === "paused" || status === "failed") && (
          <IconButton
            label={t(status === "paused" ? "queue.resume" : "queue.retry", { name })}
            onPress={() => void resumeItems([key])}
          >
            {status === "paused" ? <Play size={16} aria-hidden /> : <RotateCcw size={16} aria-hidden />}
          </IconButton>
        )}
        {status !== "done" && status !== "skipped" && (
          <IconButton label={t("queue.cancel", { name })} onPress={() => cancelItems([key])}>
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </span>
    </li>
  );
}

const icons = {
  preparing: <LoaderCircle size={16} aria-hidden className="animate-spin text-soft" />,
  waiting: <span className="size-2 rounded-full bg-soft" />,
  sending: <LoaderCircle size={16} aria-hidden className="animate-spin text-accent-strong" />,
  paused: <Pause size={16} aria-hidden className="text-soft" />,
  asking: <TriangleAlert size={16} aria-hidden className="text-warn" />,
  lost: <TriangleAlert size={16} aria-hidden className="text-warn" />,
  failed: <TriangleAlert size={16} aria-hidden className="text-bad" />,
  done: <Check size={16} aria-hidden className="text-good" />,
  skipped: <CircleSlash size={16} aria-hidden className="text-soft" />,
};

function Progress({ item }: { item: DriveUpload }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const { status, sentBytes, sizeBytes, rate } = item;
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  if (status === "failed" && item.failure !== null) {
    return (
      <p role="alert" className="text-xs text-soft">
        {text(failureOf(item.failure))}
      </p>
    );
  }
  if (item.waitsFor !== null && status === "sending") {
    return <p className="text-xs text-soft">{text(item.waitsFor)}</p>;
  }
  if (status === "done" || status === "skipped" || status === "asking" || status === "preparing" || status === "lost") {
    return (
      <p className="tabular truncate text-xs text-soft">
        {t(`queue.status.${status}`)} · {size(sizeBytes)}
      </p>
    );
  }
  const timeLeft =
    rate.secondsLeft === null ? null : t("upload.left", { time: formatRemaining(rate.secondsLeft, i18n.language) });
  return (
    <ProgressBar aria-label={item.name} value={sentBytes} maxValue={Math.max(1, sizeBytes)}>
      {({ percentage = 0 }) => (
        <>
          <p className="tabular truncate text-xs text-soft">
            {status === "waiting" || status === "paused" ? `${t(`queue.status.${status}`)} · ` : ""}
            {t("upload.done", { done: size(sentBytes), total: size(sizeBytes) })}
            {status === "sending" && rate.bytesPerSecond !== null
              ? ` · ${t("upload.speed", { speed: size(rate.bytesPerSecond) })}`
              : ""}
            {status === "sending" && timeLeft !== null ? ` · ${timeLeft}` : ""}
          </p>
          <div className="mt-1 h-1 overflow-hidden rounded-full bg-raised">
            <div className="h-full rounded-full bg-accent" style={{ width: `${percentage}%` }} />
          </div>
        </>
      )}
    </ProgressBar>
  );
}

const choices: readonly Conflict[] = ["rename", "replace", "skip"];

/** The choice for a file whose name is taken. */
export function Asking({ item, others: otherCount }: { item: DriveUpload; others: number }) {
  const { t } = useTranslation();
  const [isForAll, setForAll] = useState(false);
  return (
    <div role="alert" className="m-2 flex flex-col gap-2 rounded-xl bg-raised p-3">
      <p className="text-sm">{t("queue.taken", { name: item.name })}</p>
      {otherCount > 0 && (
        <label className="flex min-h-11 items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={isForAll}
            onChange={(event) => setForAll(event.currentTarget.checked)}
            className="size-5 accent-(--accent)"
          />
          {t("queue.forAll", { count: otherCount })}
        </label>
      )}
      <div className="flex flex-wrap gap-2">
        {choices.map((conflict) => (
          <Button key={conflict} className="flex-1" onPress={() => chooseFor(item.key, conflict, isForAll)}>
            {t(`queue.conflict.${conflict}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
