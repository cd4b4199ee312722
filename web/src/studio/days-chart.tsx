import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import type { VideoDay } from "../api/generated.ts";
import { Button } from "../ui/button.tsx";
import { useErrorText } from "../ui/states.tsx";

const daysQuery = (id: number) =>
  queryOptions({
    queryKey: ["statistics-days", id],
    queryFn: ({ signal }) => ask("interaction.days", { path: { id }, signal }),
    staleTime: 0,
  });

/** How one's own video did day by day: bars to look at, and the same in numbers. */
export function DaysChart({ id }: { id: number }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const { data, error, refetch } = useQuery(daysQuery(id));
  const days = data?.list;
  // A day of UTC is that day wherever one looks from.
  const date = new Intl.DateTimeFormat(i18n.language, { month: "short", day: "numeric", timeZone: "UTC" });
  const named = (day: VideoDay) => date.format(Date.parse(day.date));
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <section aria-labelledby="days-title" className="mt-6 border-t border-line pt-4">
      <h2 id="days-title" className="text-base font-semibold">
        {t("statistics.days")}
      </h2>
      {days === undefined && error === null && <div aria-busy className="skeleton mt-3 h-64" />}
      {days === undefined && error !== null && (
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <p role="alert">{text(error)}</p>
          <Button onPress={() => void refetch()}>{t("action.retry")}</Button>
        </div>
      )}
      {days !== undefined && (
        <>
          <Bars name={t("statistics.viewsOf")} days={days} of="view_count" named={named} />
          <Bars name={t("statistics.like")} days={days} of="like_count" named={named} />
          <details className="mt-2">
            <summary className="inline-flex min-h-11 cursor-pointer items-center font-medium text-link">
              {t("statistics.byDay")}
            </summary>
            <table className="w-full border-collapse text-start text-sm">
              <caption className="sr-only">{t("statistics.days")}</caption>
              <thead className="text-xs text-soft">
                <tr>
                  <th scope="col" className="py-1 font-medium">
                    {t("statistics.day")}
                  </th>
                  <th scope="col" className="py-1 text-end font-medium">
                    {t("statistics.viewsOf")}
                  </th>
                  <th scope="col" className="py-1 text-end font-medium">
                    {t("statistics.like")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {days.toReversed().map((day) => (
                  <tr key={day.date} className="border-t border-line">
                    <th scope="row" className="py-1.5 font-normal">
                      <time dateTime={day.date}>{named(day)}</time>
                    </th>
                    <td className="tabular py-1.5 text-end">{number.format(day.view_count)}</td>
                    <td className="tabular py-1.5 text-end">{number.format(day.like_count)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </section>
  );
}

interface BarsProps {
  name: string;
  days: readonly VideoDay[];
  of: "view_count" | "like_count";
  named: (day: VideoDay) => string;
}

/** One bar a day, the highest as high as there is room. */
function Bars({ name, days, of, named }: BarsProps) {
  const { i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  const counts = days.map((day) => day[of]);
  const most = Math.max(1, ...counts);
  const sum = counts.reduce((all, count) => all + count, 0);
  const [first, last] = [days.at(0), days.at(-1)];
  return (
    <figure className="mt-3">
      <figcaption className="flex items-baseline gap-2 text-sm">
        <span className="font-medium">{name}</span>
        <span className="tabular text-soft">{number.format(sum)}</span>
      </figcaption>
      <svg
        aria-hidden
        viewBox={`0 0 ${days.length} 100`}
        preserveAspectRatio="none"
        className="mt-1 h-24 w-full border-b border-line"
      >
        {days.map((day, place) => (
          <g key={day.date}>
            <title>{`${named(day)}: ${number.format(day[of])}`}</title>
            {/* All of a day's column answers to the pointer, however low its bar. */}
            <rect x={place} y={0} width={1} height={100} className="fill-transparent hover:fill-raised" />
            <rect
              x={place + 0.1}
              y={100 - (100 * day[of]) / most}
              width={0.8}
              height={(100 * day[of]) / most}
              className="pointer-events-none fill-accent"
            />
          </g>
        ))}
      </svg>
      <p aria-hidden className="tabular mt-1 flex justify-between text-xs text-soft">
        <span>{first !== undefined && named(first)}</span>
        <span>{last !== undefined && named(last)}</span>
      </p>
    </figure>
  );
}
