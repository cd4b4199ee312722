import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { formatCount } from "#base/format/format.ts";
import { growthOf } from "#base/ui/charts/figures.ts";
import { Sparkline } from "#base/ui/charts/sparkline.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { analyticsQuery } from "./analytics.ts";

/** The views of the last seven days beside the seven before, with their line: where a phone has no room for columns. */
export function WeekViews() {
  const { t, i18n } = useTranslation();
  const { data, isError } = useQuery(analyticsQuery(null, 7));
  // The list below it is what the page is for.
  if (isError && data === undefined) return null;
  if (data === undefined) return <Skeleton className="mb-3 h-12 rounded-lg!" />;
  const growth = growthOf(data.views, data.previous.views) ?? 0;
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  return (
    <Link to="/studio/analytics" className="mb-3 flex h-12 items-center justify-between gap-4 rounded-lg">
      <span className="min-w-0">
        <span className="block text-xs text-soft">{t("studio.week")}</span>
        <span className="flex flex-wrap items-baseline gap-x-1.5 text-xs text-soft">
          <span className="tabular text-xl font-semibold text-ink">{formatCount(data.views, i18n.language)}</span>
          {growth !== 0 && (
            <span className={growth > 0 ? "text-good" : "text-bad"}>
              {t(growth > 0 ? "studio.week.more" : "studio.week.less", { part: percent.format(Math.abs(growth)) })}
            </span>
          )}
          {t("studio.week.views", { count: data.views })}
        </span>
      </span>
      {data.views > 0 && (
        <Sparkline values={data.series.map(({ views }) => views)} className="h-9 w-28 text-accent-strong" />
      )}
    </Link>
  );
}
