import { ChevronDown, ChevronUp, Pause, Play, RotateCcw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatRemaining, formatSize } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { cancelItems, pauseItems, resumeItems } from "#parts/upload/queue/queue.ts";
import { useItems } from "#parts/upload/queue/store.ts";
import { totalsOf } from "./drive-file.ts";
import { Asking, TrayRow } from "./tray-rows.tsx";
import { driveFiles, type DriveUpload, giveFiles, restoreUploads } from "./uploads.ts";

/** More rows than anybody looks at only slow the page. */
const rowsMax = 60;
const order: Record<DriveUpload["status"], number> = {
  asking: 0,
  lost: 1,
  failed: 2,
  sending: 3,
  paused: 4,
  preparing: 5,
  waiting: 5,
  done: 6,
  skipped: 6,
};

/** The files on their way, in a corner of every page. */
export function Tray() {
  const { t } = useTranslation();
  const queue = useItems(driveFiles);
  const [isOpen, setOpen] = useState(true);
  useEffect(() => void restoreUploads(), []);
  if (queue.length === 0) return null;
  const totals = totalsOf(queue);
  const isDone = totals.over === totals.count;
  const percent = totals.sizeBytes === 0 ? 100 : Math.floor((100 * totals.sentBytes) / totals.sizeBytes);
  const title = isDone
    ? t("queue.done", { count: totals.over })
    : totals.active > 0
      ? t("queue.active", { count: totals.count - totals.over, percent })
      : t("queue.stopped", { count: totals.count - totals.over });
  return (
    <section
      aria-label={t("queue.title")}
      className="flex max-h-[60dvh] flex-col overflow-hidden rounded-t-2xl border border-line bg-surface shadow-2xl sm:rounded-2xl"
    >
      <header className="flex shrink-0 items-center gap-1 py-1 pe-1 ps-4">
        <h2 className="tabular min-w-0 flex-1 truncate text-sm font-semibold">{title}</h2>
        <QueueButtons queue={queue} />
        <IconButton
          label={isOpen ? t("queue.fold") : t("queue.unfold")}
          onPress={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          {isOpen ? <ChevronDown size={20} aria-hidden /> : <ChevronUp size={20} aria-hidden />}
        </IconButton>
        {isDone && (
          <IconButton label={t("action.close")} onPress={() => cancelItems(queue.map(({ key }) => key))}>
            <X size={18} aria-hidden />
          </IconButton>
        )}
      </header>
      {!isDone && (
        <div className="h-1 shrink-0 bg-raised" aria-hidden>
          <div className="h-full bg-accent transition-[width] duration-200" style={{ width: `${percent}%` }} />
        </div>
      )}
      <p className="sr-only" role="status">
        {isDone ? title : ""}
      </p>
      {isOpen && <QueueList queue={queue} />}
    </section>
  );
}

type Queue = readonly DriveUpload[];

const keysOf = (queue: Queue, ...statuses: DriveUpload["status"][]) =>
  queue.filter(({ status }) => statuses.includes(status)).map(({ key }) => key);

/** The actions on all files together. */
function QueueButtons({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  const totals = totalsOf(queue);
  return (
    <>
      {totals.active > 0 && (
        <IconButton
          label={t("queue.pauseAll")}
          onPress={() => pauseItems(keysOf(queue, "sending", "waiting", "preparing"))}
        >
          <Pause size={18} aria-hidden />
        </IconButton>
      )}
      {totals.active === 0 && totals.paused > 0 && (
        <IconButton label={t("queue.resumeAll")} onPress={() => void resumeItems(keysOf(queue, "paused"))}>
          <Play size={18} aria-hidden />
        </IconButton>
      )}
      {totals.failed > 0 && (
        <IconButton label={t("queue.retryAll")} onPress={() => void resumeItems(keysOf(queue, "failed"))}>
          <RotateCcw size={18} aria-hidden />
        </IconButton>
      )}
    </>
  );
}

/** The files with how fast they are sent; first those that wait for an answer. */
function QueueList({ queue }: { queue: Queue }) {
  const { t, i18n } = useTranslation();
  const totals = totalsOf(queue);
  const speed = queue.reduce(
    (sum, { rate, status }) => sum + (status === "sending" ? (rate.bytesPerSecond ?? 0) : 0),
    0,
  );
  const leftBytes = totals.sizeBytes - totals.sentBytes;
  const rows = queue.toSorted((a, b) => order[a.status] - order[b.status]).slice(0, rowsMax);
  const conflicting = queue.find(({ status }) => status === "asking");
  return (
    <div className="min-h-0 overflow-y-auto" tabIndex={0} role="group" aria-label={t("queue.list")}>
      {conflicting !== undefined && <Asking key={conflicting.key} item={conflicting} others={totals.asking - 1} />}
      {totals.lost > 0 && <Lost hasHandles={queue.some((queued) => queued.status === "lost" && queued.hasHandle)} />}
      {speed > 0 && (
        <p className="tabular px-4 pt-2 text-xs text-soft">
          {t("upload.speed", { speed: formatSize(speed, i18n.language) })} ·{" "}
          {t("upload.left", { time: formatRemaining(leftBytes / speed, i18n.language) })}
        </p>
      )}
      <ul className="px-2 py-1">
        {rows.map((item) => (
          <TrayRow key={item.key} item={item} />
        ))}
      </ul>
      {queue.length > rows.length && (
        <p className="px-4 pb-3 text-xs text-soft">{t("queue.more", { count: queue.length - rows.length })}</p>
      )}
    </div>
  );
}

/** Files that the page cannot read any more after a reload. */
function Lost({ hasHandles }: { hasHandles: boolean }) {
  const { t } = useTranslation();
  const [isMissed, setMissed] = useState(false);
  const queue = useItems(driveFiles);
  const choose = async (files: readonly File[]) => setMissed((await giveFiles(files)) === 0);
  return (
    <div className="m-2 flex flex-col gap-2 rounded-xl bg-raised p-3">
      <p className="text-sm">{hasHandles ? t("queue.lost.allow") : t("queue.lost")}</p>
      {isMissed && (
        <p role="alert" className="text-sm text-bad">
          {t("queue.lost.other")}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {hasHandles && (
          <Button
            look="main"
            onPress={() => void resumeItems(queue.filter(({ status }) => status === "lost").map(({ key }) => key))}
          >
            {t("queue.lost.goOn")}
          </Button>
        )}
        <label className="relative inline-flex min-h-11 items-center rounded-lg bg-line px-4 text-sm font-semibold has-focus-visible:outline-2">
          {t("queue.lost.choose")}
          <input
            type="file"
            multiple
            aria-label={t("queue.lost.choose")}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              // The same files may be chosen again.
              event.currentTarget.value = "";
              void choose(files);
            }}
          />
        </label>
      </div>
    </div>
  );
}
