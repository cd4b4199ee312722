import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { DeadJob, Overview } from "#base/api/types.ts";
import { formatAgo, formatCount, formatDate, formatDuration } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { failedJobsQuery, overviewQuery } from "../frame/overview-query.ts";
import { Away, Card } from "./card.tsx";

interface ProcessingCardProps {
  processing: Overview["processing"];
  /** The latest of those that failed. */
  failed: readonly DeadJob[];
}

/** The queue of videos, and jobs that were given up. */
export function ProcessingCard({ processing, failed }: ProcessingCardProps) {
  const { t } = useTranslation();
  if (processing === null)
    return (
      <Card id="processing" title={t("overview.processing")}>
        <Away />
      </Card>
    );
  const { running, waiting, failed: failures, wait_seconds: wait } = processing;
  const more = failures - failed.length;
  return (
    <Card
      id="processing"
      title={t("overview.processing")}
      end={waiting > 0 ? t("overview.wait", { time: formatDuration(wait) }) : undefined}
    >
      <dl className="grid grid-cols-3 gap-2">
        <Amount name={t("overview.jobs.running")} count={running} />
        <Amount name={t("overview.jobs.waiting")} count={waiting} />
        <Amount name={t("overview.jobs.failed")} count={failures} isBad={failures > 0} />
      </dl>
      {failed.length === 0 ? (
        <p className="text-sm text-soft">
          {t(running + waiting === 0 ? "overview.processing.idle" : "overview.processing.busy")}
        </p>
      ) : (
        <ul className="flex flex-col gap-2">
          {failed.map((job) => (
            <FailedJob key={`${job.service} ${job.id}`} job={job} />
          ))}
        </ul>
      )}
      {failed.length > 0 && more > 0 && <p className="text-xs text-soft">{t("overview.jobs.more", { count: more })}</p>}
    </Card>
  );
}

function Amount({ name, count, isBad = false }: { name: string; count: number; isBad?: boolean }) {
  const { i18n } = useTranslation();
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className={classNames("tabular text-2xl font-semibold", isBad && "text-bad")}>
        {formatCount(count, i18n.language)}
      </dd>
    </div>
  );
}

/** A job that was given up: what, why, and the ways on. */
function FailedJob({ job: { id, service, kind, error, died_at: at } }: { job: DeadJob }) {
  const { t, i18n } = useTranslation();
  const change = useAction(
    (what: "retry" | "discard") =>
      what === "retry"
        ? ask("worker.retry", { path: { service, id }, body: {} })
        : ask("worker.discard", { path: { service, id } }),
    { changes: [failedJobsQuery.queryKey, overviewQuery.queryKey] },
  );
  return (
    <li className="rounded-lg bg-raised p-3">
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="font-medium">{t("overview.job", { kind, service })}</span>
        <time dateTime={at} title={formatDate(Date.parse(at), i18n.language)} className="text-xs text-soft">
          {formatAgo(Date.parse(at), Date.now(), i18n.language)}
        </time>
      </p>
      <p lang="en" className="line-clamp-3 text-xs break-words text-soft">
        {error ?? t("overview.job.noReason")}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button look="inverse" isBusy={change.isBusy} onPress={() => void change.run("retry")}>
          {t("action.retry")}
        </Button>
        <Button look="ghost" onPress={() => void change.run("discard")}>
          {t("overview.job.dismiss")}
        </Button>
      </div>
      {change.problem !== null && <Problem>{change.problem}</Problem>}
    </li>
  );
}
