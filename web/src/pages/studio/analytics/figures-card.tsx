import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnalyticsDay, VideoAnalytics } from "#base/api/types.ts";
import { formatCount, formatLength } from "#base/format/format.ts";
import { type Figure, growthOf, seriesOf } from "#base/ui/charts/figures.ts";
import { LineChart } from "#base/ui/charts/line-chart.tsx";

interface FiguresProps {
  analytics: VideoAnalytics;
  longer: readonly AnalyticsDay[];
  days: number;
}

/** Four figures of a period beside the period before; three of them have a line over its days. */
export function Figures({ analytics, longer, days }: FiguresProps) {
  const { t, i18n } = useTranslation();
  const [chosen, setChosen] = useState<Figure>("views");
  const { previous, series } = analytics;
  const count = (value: number) => formatCount(Math.round(value), i18n.language);
  const averageBefore = previous.views === 0 ? 0 : previous.watch_time / previous.views;
  const figures = [
    { name: "views", value: analytics.views, before: previous.views, format: count },
    { name: "watchTime", value: analytics.watch_time, before: previous.watch_time, format: formatHours(i18n.language) },
    { name: "average", value: analytics.average_view, before: averageBefore, format: formatLength },
  ] as const;
  const { format } = figures.find(({ name }) => name === chosen) ?? figures[0];
  const lines = seriesOf(chosen, series, longer);
  const date = new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", timeZone: "UTC" });
  const dayAt = (place: number) => date.format(Date.parse(series[place]?.date ?? "1970-01-01"));
  return (
    <section
      aria-label={t("studio.tab.analytics")}
      className="overflow-hidden rounded-xl border border-line bg-surface"
    >
      <div className="grid grid-cols-2 sm:grid-cols-4">
        <div role="group" aria-label={t("analytics.chart")} className="contents">
          {figures.map(({ name, value, before, format: say }) => (
            <button
              key={name}
              type="button"
              aria-pressed={chosen === name}
              onClick={() => setChosen(name)}
              className={`min-w-0 border-b border-e border-line px-4 pt-3 pb-2.5 text-start ${chosen === name ? "border-t-2 border-t-accent sm:border-b-transparent" : "border-t-2 border-t-transparent bg-raised/40 text-soft hover:text-ink"}`}
            >
              <Figure {...{ name: t(`analytics.${name}`), value: say(value), growth: growthOf(value, before), days }} />
            </button>
          ))}
        </div>
        <div className="min-w-0 border-t-2 border-b border-t-transparent border-line bg-raised/40 px-4 pt-3 pb-2.5 text-soft">
          <Figure
            name={t("analytics.followers")}
            value={count(analytics.followers_gained)}
            growth={growthOf(analytics.followers_gained, previous.followers_gained)}
            days={days}
          />
        </div>
      </div>
      <div className="p-4">
        {analytics.views === 0 ? (
          <p className="py-8 text-center text-sm text-soft">{t("analytics.none")}</p>
        ) : (
          <>
            <LineChart label={t(`analytics.${chosen}`)} {...lines} format={format} nameOf={dayAt} />
            <p aria-hidden dir="ltr" className="tabular me-14 mt-2 flex justify-between text-xs text-soft">
              {[0, 1 / 3, 2 / 3, 1].map((part) => (
                <span key={part}>{dayAt(Math.round(part * (series.length - 1)))}</span>
              ))}
            </p>
          </>
        )}
      </div>
    </section>
  );
}

interface FigureProps {
  name: string;
  value: string;
  growth: number | undefined;
  days: number;
}

function Figure({ name, value, growth, days }: FigureProps) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  const part = growth === undefined ? undefined : percent.format(Math.abs(growth));
  return (
    <>
      <span className="block text-sm font-medium">{name}</span>
      <span className="tabular block text-xl font-semibold text-ink sm:text-2xl">{value}</span>
      <span
        className={`block text-xs ${growth === undefined || growth === 0 ? "text-soft" : growth > 0 ? "text-good" : "text-bad"}`}
      >
        {part === undefined || growth === undefined
          ? t("analytics.noBefore")
          : growth === 0
            ? t("analytics.same", { days })
            : t(growth > 0 ? "analytics.more" : "analytics.less", { part, days })}
      </span>
    </>
  );
}

/** Seconds as hours, or as minutes below two of them. */
const formatHours = (language: string) => (seconds: number) => {
  const isLong = seconds >= 7_200;
  const style = { style: "unit", unit: isLong ? "hour" : "minute", unitDisplay: "short" } as const;
  return new Intl.NumberFormat(language, { ...style, maximumFractionDigits: 0 }).format(
    seconds / (isLong ? 3_600 : 60),
  );
};
