import { useTranslation } from "react-i18next";
import type { MonitoredProcessChange } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { shortServices } from "./health.ts";

const shownMax = 8;

interface ProcessChangesProps {
  /** The newest first. */
  changes: readonly MonitoredProcessChange[];
  nowMs: number;
}

/** The processes that started and ended last. */
export function ProcessChanges({ changes, nowMs }: ProcessChangesProps) {
  const { t } = useTranslation();
  if (changes.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-sm font-semibold">{t("health.changes")}</h2>
      <ul aria-label={t("health.changes")} className="flex flex-col gap-1 text-sm text-soft">
        {changes.slice(0, shownMax).map((change) => (
          <ProcessChange key={`${change.at} ${change.process} ${change.change}`} change={change} nowMs={nowMs} />
        ))}
      </ul>
    </section>
  );
}

function ProcessChange({
  change: { at, change, host, services },
  nowMs,
}: {
  change: MonitoredProcessChange;
  nowMs: number;
}) {
  const { t, i18n } = useTranslation();
  const { shown, more } = shortServices(services);
  const name = [shown.join(", "), more > 0 && t("health.more", { count: more })].filter(Boolean).join(" ");
  const atMs = Date.parse(at);
  return (
    <li className="break-words">
      {t(`health.change.${change}`, { name: name === "" ? host : name, host })}{" "}
      <time dateTime={at} title={formatDate(atMs, i18n.language)} className="text-xs">
        {formatAgo(atMs, nowMs, i18n.language)}
      </time>
    </li>
  );
}
