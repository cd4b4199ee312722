import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MonitoredProcess } from "#base/api/types.ts";
import { formatDate, formatNumber, formatSize } from "#base/format/format.ts";
import { Sparkline } from "#base/ui/charts/sparkline.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { type Condition, conditionOf, needsAttention, shortServices, uptimeOf } from "./health.ts";

interface ProcessListProps {
  processes: readonly MonitoredProcess[];
  /** Processor time of the last half hour, by process. */
  cpu: ReadonlyMap<string, readonly number[]>;
  nowMs: number;
}

const columns =
  "lg:grid lg:grid-cols-[minmax(0,2.2fr)_minmax(0,1fr)_9rem_6rem_5rem_6rem_5rem_6.5rem] lg:items-center lg:gap-x-4";

/** The processes of the installation: a table where there is room for its columns, else a card for each. */
export function ProcessList({ processes, cpu, nowMs }: ProcessListProps) {
  const { t } = useTranslation();
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface">
      {/* Each value below has its name; these are for the eyes alone. */}
      <div
        aria-hidden
        className={classNames("hidden border-b border-line px-4 py-2.5 text-xs font-medium text-soft", columns)}
      >
        <span>{t("health.process")}</span>
        <span>{t("health.host")}</span>
        <span>{t("health.cpu")}</span>
        <span className="text-end">{t("health.memory")}</span>
        <span className="text-end">{t("health.delay")}</span>
        <span className="text-end">{t("health.connections")}</span>
        <span className="text-end">{t("health.uptime")}</span>
        <span>{t("health.state")}</span>
      </div>
      <ul className="divide-y divide-line">
        {processes.map((process) => (
          <ProcessRow key={process.id} process={process} cpu={cpu.get(process.id) ?? []} nowMs={nowMs} />
        ))}
      </ul>
    </div>
  );
}

interface ProcessRowProps {
  process: MonitoredProcess;
  cpu: readonly number[];
  nowMs: number;
}

function ProcessRow({ process, cpu, nowMs }: ProcessRowProps) {
  const { t, i18n } = useTranslation();
  const condition = conditionOf(process);
  const { shown, more } = shortServices(process.services);
  const { unit, count } = uptimeOf(Date.parse(process.started_at), nowMs);
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const isBad = needsAttention(condition);
  return (
    <li className={classNames("px-4 py-3", isBad && "bg-warn/10", columns)}>
      <div className="flex items-start justify-between gap-3 lg:contents">
        <p className="min-w-0 text-sm break-words" title={process.id}>
          <span className="font-semibold">{shown[0] ?? process.host}</span>{" "}
          <span className="text-xs text-soft">
            {[shown.slice(1).join(", "), more > 0 && t("health.more", { count: more })].filter(Boolean).join(" ")}
          </span>
        </p>
        <StateMark condition={condition} className="lg:order-last" />
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1.5 sm:grid-cols-3 lg:contents">
        <Value name={t("health.host")} isStart>
          {process.host}
        </Value>
        <Value name={t("health.cpu")} isStart>
          <span className="flex items-center gap-2">
            {cpu.length > 1 && <Sparkline values={cpu} className="h-5 w-16 text-soft" />}
            {percent.format(process.cpu)}
          </span>
        </Value>
        <Value name={t("health.memory")}>{formatSize(process.memory_bytes, i18n.language)}</Value>
        <Value name={t("health.delay")}>
          {t("health.ms", { number: formatNumber(Math.round(process.event_loop_lag_ms), i18n.language) })}
        </Value>
        <Value name={t("health.connections")}>{formatNumber(process.connections, i18n.language)}</Value>
        <Value name={t("health.uptime")}>
          <time dateTime={process.started_at} title={formatDate(Date.parse(process.started_at), i18n.language)}>
            {t(`health.uptime.${unit}`, { count })}
          </time>
        </Value>
      </dl>
    </li>
  );
}

function Value({ name, isStart = false, children }: { name: string; isStart?: boolean; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft lg:sr-only">{name}</dt>
      <dd className={classNames("tabular truncate text-sm", !isStart && "lg:text-end")}>{children}</dd>
    </div>
  );
}

function StateMark({ condition, className }: { condition: Condition; className: string }) {
  const { t } = useTranslation();
  const isBad = needsAttention(condition);
  return (
    <p
      className={classNames("flex shrink-0 items-center gap-2 text-sm", isBad && "font-semibold text-warn", className)}
    >
      <span
        aria-hidden
        className={classNames(
          "size-2 rounded-full",
          isBad ? "bg-warn" : condition === "good" || condition === "busy" ? "bg-good" : "bg-soft",
        )}
      />
      {t(`health.state.${condition}`)}
    </p>
  );
}
