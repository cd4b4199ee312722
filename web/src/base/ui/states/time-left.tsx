import { useTranslation } from "react-i18next";
import type { Task } from "#base/api/types.ts";
import { formatRemaining } from "#base/format/format.ts";

/** How long a video's processing still takes; nothing while nobody knows. */
export function TimeLeft({ task, className = "" }: { task: Task | undefined; className?: string }) {
  const { t, i18n } = useTranslation();
  const seconds = task?.seconds_left ?? null;
  if (seconds === null) return null;
  return (
    <span className={`tabular block ${className}`}>
      {t("processing.left", { time: formatRemaining(seconds, i18n.language) })}
    </span>
  );
}
