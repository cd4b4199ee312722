import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { asFailure } from "../api/failure.ts";
import type { VideoStatistics } from "../api/generated.ts";
import { useMe, videoQuery } from "../api/queries.ts";
import { formatDate, formatLength, formatSize } from "../format/format.ts";
import { useTitle } from "../shell/use-title.ts";
import { LinkButton } from "../ui/button.tsx";
import { Cover } from "../ui/cover.tsx";
import { FilmDrawing } from "../ui/illustrations.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { DaysChart } from "./days-chart.tsx";

const statisticsQuery = (id: number) =>
  queryOptions({
    queryKey: ["statistics", id],
    queryFn: ({ signal }) => ask("video.statistics", { path: { id }, signal }),
    staleTime: 0,
  });

/** How one's own video does. */
export function StatisticsPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/studio/video/$id" });
  const me = useMe();
  const isKnown = id > 0 && me != null;
  const statistics = useQuery({ ...statisticsQuery(id), enabled: isKnown });
  const video = useQuery({ ...videoQuery(id), enabled: isKnown });
  useTitle(t("statistics.title"));
  if (me === null)
    return (
      <State drawing={<FilmDrawing />} title={t("statistics.title")} text={t("my.login.text")}>
        <LinkButton look="main" to="/login" search={{ next: `/studio/video/${id}` }}>
          {t("nav.login")}
        </LinkButton>
      </State>
    );
  if (id <= 0 || (statistics.isError && [403, 404].includes(asFailure(statistics.error).status)))
    return (
      <State drawing={<FilmDrawing />} title={t("watch.missing.title")} text={t("statistics.notYours")}>
        <LinkButton look="main" to="/studio">
          {t("nav.studio")}
        </LinkButton>
      </State>
    );
  if (statistics.isError && statistics.data === undefined)
    return <ErrorState error={statistics.error} onRetry={() => void statistics.refetch()} />;
  return (
    <div className="mx-auto max-w-3xl px-4 py-4 sm:px-8 sm:py-10">
      <h1 className="mb-5 text-2xl font-semibold">{t("statistics.title")}</h1>
      {video.data === undefined ? (
        <div aria-busy className="skeleton h-18" />
      ) : (
        <Link to="/watch/$id" params={{ id }} className="group flex items-center gap-3 rounded-lg">
          <Cover video={video.data} className="aspect-video w-32 shrink-0" />
          <span className="line-clamp-2 font-medium group-hover:underline">{video.data.title}</span>
        </Link>
      )}
      {statistics.data === undefined ? (
        <div aria-busy className="skeleton mt-5 h-64" />
      ) : (
        <Numbers statistics={statistics.data} />
      )}
    </div>
  );
}

const answers = ["like", "comment", "share", "favorite", "playlist"] as const;

function Numbers({ statistics }: { statistics: VideoStatistics }) {
  const { t, i18n } = useTranslation();
  const { play_count: views } = statistics;
  const number = new Intl.NumberFormat(i18n.language);
  const per = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const counts = answers.map((name) => ({ name, count: statistics[`${name}_count`] }));
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const about: [string, string][] = [
    [t("statistics.uploaded"), formatDate(Date.parse(statistics.created_at), i18n.language)],
    [
      t("statistics.published"),
      statistics.published_at === null
        ? t("my.status.draft")
        : formatDate(Date.parse(statistics.published_at), i18n.language),
    ],
    [t("statistics.length"), formatLength(statistics.duration)],
    [t("statistics.size"), formatSize(statistics.file_size, i18n.language)],
  ];
  return (
    <>
      <p className="mt-6">
        <span className="tabular block text-[40px]/tight font-semibold">{number.format(views)}</span>
        <span className="text-soft">{t("statistics.views")}</span>
      </p>
      {views === 0 && <p className="mt-2 text-soft">{t("statistics.none")}</p>}
      <table className="mt-6 w-full border-collapse text-start">
        <caption className="sr-only">{t("statistics.answers")}</caption>
        <thead className="text-xs text-soft">
          <tr>
            <th scope="col" className="pb-2 font-medium">
              {t("statistics.what")}
            </th>
            <th scope="col" className="pb-2 text-end font-medium whitespace-nowrap">
              {t("statistics.count")}
            </th>
            <th scope="col" className="pb-2 ps-4 text-end font-medium whitespace-nowrap">
              {t("statistics.per100")}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ name, count }) => (
            <tr key={name} className="border-t border-line">
              <th scope="row" className="w-full py-3 pe-4 font-medium">
                {t(`statistics.${name}`)}
                <span aria-hidden className="mt-1.5 block h-1.5 overflow-hidden rounded-full bg-raised">
                  <span className="block h-full rounded-full bg-accent" style={{ width: `${(100 * count) / most}%` }} />
                </span>
              </th>
              <td className="tabular py-3 text-end">{number.format(count)}</td>
              <td className="tabular py-3 ps-4 text-end text-soft">
                {views === 0 ? "–" : per.format((100 * count) / views)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <DaysChart id={statistics.id} />
      <dl className="mt-6 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 border-t border-line pt-4 text-sm">
        {about.map(([name, said]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="tabular">{said}</dd>
          </div>
        ))}
      </dl>
      <LinkButton to="/studio" search={{ edit: statistics.id }} className="mt-6">
        {t("action.edit")}
      </LinkButton>
    </>
  );
}
