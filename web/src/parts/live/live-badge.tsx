import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { formatCount, formatDuration, formatNumber } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";
import { runningS } from "./room-state.ts";
import { useNow } from "./use-now.ts";

const overPicture =
  "tabular inline-flex h-5 shrink-0 items-center gap-1.5 rounded bg-black/60 px-1.5 text-xs font-semibold text-white";

/** The badge of a host who is on air. */
export function LiveBadge({ isPaused = false, className }: { isPaused?: boolean; className?: string }) {
  const { t } = useTranslation();
  return (
    <span
      className={classNames(
        "inline-flex h-5 shrink-0 items-center gap-1.5 rounded px-1.5 text-xs font-semibold text-white uppercase",
        isPaused ? "bg-black/60" : "bg-live",
        className,
      )}
    >
      <span aria-hidden className="size-1.5 rounded-full bg-white" />
      {t(isPaused ? "live.badge.paused" : "live.badge")}
    </span>
  );
}

/** How many watch, over a picture; nothing where nobody does. */
export function Viewers({ count, isWhole = false }: { count: number; isWhole?: boolean }) {
  const { t, i18n } = useTranslation();
  if (count === 0) return null;
  const formatted = (isWhole ? formatNumber : formatCount)(count, i18n.language);
  return (
    <span className={overPicture}>
      <Eye size={14} aria-hidden />
      <span aria-hidden>{formatted}</span>
      <span className="sr-only">{t("live.watching", { count, formatted })}</span>
    </span>
  );
}

interface RunningProps {
  live: Pick<Live, "duration" | "status">;
  /** When the room was asked for. */
  askedMs: number;
  className?: string;
}

/** For how long a room has been live. */
export function Running({ live, askedMs, className = overPicture }: RunningProps) {
  const isLive = live.status === "live" || live.status === "paused";
  const nowMs = useNow(isLive);
  return (
    <span role="timer" className={className}>
      {formatDuration(isLive ? runningS(live.duration, askedMs, nowMs) : live.duration)}
    </span>
  );
}
