import { useTranslation } from "react-i18next";
import type { Overview } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Sparkline } from "#base/ui/charts/sparkline.tsx";
import { cardClass } from "./card.tsx";
import { ofWeek, runningTotals } from "./series.ts";

/** How many there are, with the line of the last fourteen days. */
export function Figures({
  overview,
}: {
  overview: Pick<Overview, "users" | "videos" | "views_today" | "watching_now">;
}) {
  const { t, i18n } = useTranslation();
  const { users, videos, views_today: views, watching_now: watching } = overview;
  const number = (count: number) => formatCount(count, i18n.language);
  const newOnes = (series: readonly number[]) =>
    t("overview.newThisWeek", { number: number(ofWeek(series)), count: ofWeek(series) });
  return (
    <ul className="grid grid-cols-2 gap-3.5 lg:grid-cols-4">
      <Figure
        name={t("overview.users")}
        total={users?.total}
        line={users ? runningTotals(users.series, users.total) : []}
        text={users ? newOnes(users.series) : t("overview.away")}
      />
      <Figure
        name={t("overview.videos")}
        total={videos?.total}
        line={videos ? runningTotals(videos.series, videos.total) : []}
        text={videos ? newOnes(videos.series) : t("overview.away")}
      />
      <Figure
        name={t("overview.views")}
        total={views?.total}
        line={views?.series ?? []}
        text={views ? t("overview.yesterday", { number: number(views.series.at(-2) ?? 0) }) : t("overview.away")}
      />
      <Figure
        name={t("overview.watching")}
        total={watching?.total}
        line={[]}
        text={t(watching ? "overview.watching.text" : "overview.away")}
      />
    </ul>
  );
}

interface FigureProps {
  name: string;
  total: number | undefined;
  line: readonly number[];
  text: string;
}

function Figure({ name, total, line, text }: FigureProps) {
  const { i18n } = useTranslation();
  return (
    <li className={cardClass}>
      <p className="text-sm text-soft">{name}</p>
      <div className="flex items-center justify-between gap-3">
        <p className="tabular text-2xl font-semibold">
          {total === undefined ? "–" : formatCount(total, i18n.language)}
        </p>
        {line.length > 1 && <Sparkline values={line} className="h-8 max-w-24 flex-1 text-soft" dotClass="fill-ink" />}
      </div>
      <p className="mt-0.5 text-xs text-soft">{text}</p>
    </li>
  );
}
