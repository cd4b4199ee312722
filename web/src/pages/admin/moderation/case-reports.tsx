import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ModerationCase } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { caseReportsQuery } from "#parts/report/queries.ts";
import { nameOf } from "./case-text.ts";

/** The reporters of a case, and their words. */
export function CaseReports({ item }: { item: ModerationCase }) {
  const { t, i18n } = useTranslation();
  const query = useInfiniteQuery(caseReportsQuery(item.id));
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-sm font-semibold">{t("cases.reports", { count: item.report_count })}</h3>
      {query.data === undefined ? (
        query.isError ? (
          <LoadFailed query={query} />
        ) : (
          <Skeleton className="h-11 rounded-lg" />
        )
      ) : (
        <>
          <ul className="flex flex-col gap-3">
            {query.data.pages.flatMap(({ list }) =>
              list.map((report) => (
                <li key={report.id} className="flex gap-3">
                  <Avatar user={report.reporter} />
                  <p className="min-w-0 text-sm">
                    <bdi className="font-semibold">{nameOf(report.reporter) || t("audit.deleted")}</bdi>{" "}
                    <span className="text-xs text-soft">
                      {formatAgo(Date.parse(report.created_at), Date.now(), i18n.language)}
                    </span>
                    <span className="block text-soft">{t(`reason.${report.reason}`)}</span>
                    {report.text !== "" && <span className="block break-words whitespace-pre-line">{report.text}</span>}
                  </p>
                </li>
              )),
            )}
          </ul>
          <LoadMore query={query} />
        </>
      )}
    </section>
  );
}
