import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Health } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { ComponentCards } from "./component-cards.tsx";
import { cpuQuery, healthQuery } from "./health-query.ts";
import { componentKey, conditionOf, needsAttention, worstOf } from "./health.ts";
import { ProcessChanges } from "./process-changes.tsx";
import { ProcessList } from "./process-list.tsx";

const refreshMs = 15_000;
const minuteMs = 60_000;

/** The processes of the installation, and the parts that they stand on, with how they are. */
export function HealthPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.health")} isWide>
      <Report />
    </AdminFrame>
  );
}

function Report() {
  const query = useQuery({ ...healthQuery, refetchInterval: refreshMs });
  const { data: cpu = new Map<string, number[]>() } = useQuery({ ...cpuQuery, refetchInterval: minuteMs });
  const { data } = query;
  if (data === undefined && query.isError)
    return <ErrorState error={query.error} isRetrying={query.isFetching} onRetry={() => void query.refetch()} />;
  if (data === undefined) return <Shape />;
  const nowMs = query.dataUpdatedAt;
  return (
    <>
      <Summary health={data} nowMs={nowMs} />
      <ProcessList processes={data.processes} cpu={cpu} nowMs={nowMs} />
      <ComponentCards components={data.components} nowMs={nowMs} />
      <ProcessChanges changes={data.changes} nowMs={nowMs} />
      <Footnote health={data} />
    </>
  );
}

/** One sentence says whether all is well, and another what is wrong first. */
function Summary({ health, nowMs }: { health: Health; nowMs: number }) {
  const { t } = useTranslation();
  const { processes } = health;
  const good = processes.filter((process) => !needsAttention(conditionOf(process))).length;
  return (
    <p className="-mt-3 text-base text-soft">
      {good === processes.length
        ? t("health.all", { count: processes.length })
        : t("health.some", { count: processes.length, good })}{" "}
      <Fault health={health} nowMs={nowMs} />
    </p>
  );
}

function Fault({ health, nowMs }: { health: Health; nowMs: number }) {
  const { t, i18n } = useTranslation();
  const { process, component } = worstOf(health);
  if (process) {
    const condition = conditionOf(process) === "slow" ? "slow" : "away";
    return <>{t(`health.wrong.${condition}`, { name: process.host })}</>;
  }
  if (!component) return null;
  const name = t(componentKey(component), { defaultValue: component.name, name: component.name });
  const time = formatAgo(Date.parse(component.since), nowMs, i18n.language);
  return <>{t("health.wrong.part", { name, time })}</>;
}

function Footnote({ health: { processes } }: { health: Health }) {
  const { t } = useTranslation();
  const versions = [...new Set(processes.map(({ version }) => version))];
  return (
    <p className="text-xs text-soft">
      {t("health.version", { count: versions.length, versions: versions.join(", ") })} {t("health.delay.text")}
    </p>
  );
}

function Shape() {
  return (
    <div className="flex flex-col gap-3.5" aria-busy>
      <Skeleton className="h-6 w-72" />
      <Skeleton className="h-48 rounded-xl" />
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {[0, 1, 2].map((place) => (
          <Skeleton key={place} className="h-16 rounded-xl" />
        ))}
      </div>
    </div>
  );
}
