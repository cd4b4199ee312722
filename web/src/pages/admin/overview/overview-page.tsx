import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { failedJobsQuery, overviewQuery } from "../frame/overview-query.ts";
import { AdviceList } from "./advice-list.tsx";
import { summaryOf } from "./advice.ts";
import { Figures } from "./figures.tsx";
import { ProcessingCard } from "./processing-card.tsx";
import { StorageCard } from "./storage-card.tsx";
import { SystemCard } from "./system-card.tsx";

const refreshMs = 15_000;

/** The state of the instance, and the tasks of its administrator. */
export function OverviewPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.overview")} isWide>
      <Overview />
    </AdminFrame>
  );
}

function Overview() {
  const { t } = useTranslation();
  const query = useQuery({ ...overviewQuery, refetchInterval: refreshMs });
  const hasFailed = (query.data?.processing?.failed ?? 0) > 0;
  // The page waits for them too: they stand in the middle, and would push away what is below.
  const failed = useQuery({ ...failedJobsQuery, enabled: hasFailed });
  const { data } = query;
  if (data === undefined && query.isError)
    return <ErrorState error={query.error} isRetrying={query.isFetching} onRetry={() => void query.refetch()} />;
  if (data === undefined || (hasFailed && failed.isPending)) return <Shape />;
  const { isRunning, attention } = summaryOf(data.advice);
  return (
    <>
      <p className="-mt-3 text-base text-soft">
        {t(isRunning ? "overview.running" : "overview.notRunning")}
        {attention === 0 ? t("overview.attention.none") : t("overview.attention", { count: attention })}
      </p>
      {data.advice.length > 0 && <AdviceList advice={data.advice} onCheck={() => void query.refetch()} />}
      <Figures overview={data} />
      <div className="grid gap-3.5 lg:grid-cols-3">
        <StorageCard storage={data.storage} />
        <ProcessingCard processing={data.processing} failed={hasFailed ? (failed.data?.list ?? []) : []} />
        <SystemCard overview={data} checkedAtMs={query.dataUpdatedAt} />
      </div>
    </>
  );
}

function Shape() {
  return (
    <div className="flex flex-col gap-3.5" aria-busy>
      <Skeleton className="h-6 w-72" />
      <Skeleton className="h-28 rounded-xl" />
      <div className="grid grid-cols-2 gap-3.5 lg:grid-cols-4">
        {[0, 1, 2, 3].map((place) => (
          <Skeleton key={place} className="h-25 rounded-xl" />
        ))}
      </div>
      <div className="grid gap-3.5 lg:grid-cols-3">
        {[0, 1, 2].map((place) => (
          <Skeleton key={place} className="h-64 rounded-xl" />
        ))}
      </div>
    </div>
  );
}
