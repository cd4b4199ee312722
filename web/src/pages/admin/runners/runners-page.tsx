import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Runner } from "#base/api/types.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { CopyField } from "./copy-field.tsx";
import { Registrations } from "./registrations.tsx";
import { runnerCommand } from "./runner-command.ts";
import { RunnerList } from "./runner-list.tsx";
import { runnersQuery } from "./runner-queries.ts";

const refreshMs = 5_000;

/** The transcoders elsewhere, their present jobs, and the tokens by which they register. */
export function RunnersPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.runners")} isWide>
      <Report />
    </AdminFrame>
  );
}

function Report() {
  const query = useQuery({ ...runnersQuery, refetchInterval: refreshMs });
  const { data } = query;
  if (data === undefined && query.isError)
    return <ErrorState error={query.error} isRetrying={query.isFetching} onRetry={() => void query.refetch()} />;
  if (data === undefined) return <Skeleton className="h-48 rounded-xl" />;
  const nowMs = query.dataUpdatedAt;
  return (
    <>
      <Summary runners={data.list} />
      {data.list.length === 0 ? <None /> : <RunnerList runners={data.list} nowMs={nowMs} />}
      <Registrations nowMs={nowMs} />
    </>
  );
}

function Summary({ runners }: { runners: readonly Runner[] }) {
  const { t } = useTranslation();
  const present = runners.filter(({ is_present: isPresent, is_enabled: isEnabled }) => isPresent && isEnabled).length;
  const jobs = runners.reduce((sum, runner) => sum + runner.jobs.length, 0);
  return (
    <p className="-mt-3 text-base text-soft">
      {runners.length === 0 ? t("runners.what") : t("runners.summary", { count: runners.length, present })}{" "}
      {jobs > 0 && t("runners.jobs", { count: jobs })}
    </p>
  );
}

/** The first runner is started by a command. */
function None() {
  const { t } = useTranslation();
  return (
    <div className="flex max-w-4xl flex-col gap-3 rounded-xl border border-line bg-surface p-4 sm:p-6">
      <h2 className="text-base font-semibold">{t("runners.none")}</h2>
      <p className="text-sm text-soft">{t("runners.none.text")}</p>
      <CopyField label={t("runners.command")} value={runnerCommand(location.origin)} />
    </div>
  );
}
