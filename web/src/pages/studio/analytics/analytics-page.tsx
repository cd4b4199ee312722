import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Download } from "lucide-react";
import { useState } from "react";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { videoQuery } from "#base/api/queries.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Video } from "#base/api/types.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { FilmDrawing } from "#base/ui/states/illustrations.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { StudioFrame } from "../studio-frame.tsx";
import { Retention, Sources, TopVideos } from "./analytics-cards.tsx";
import { analyticsQuery, downloadCsv, type Period, periods } from "./analytics.ts";
import { Figures } from "./figures-card.tsx";

export const ChannelAnalyticsPage = () => (
  <StudioFrame tab="analytics">{() => <Analytics videoId={null} />}</StudioFrame>
);

export function VideoAnalyticsPage() {
  const { id } = useParams({ from: "/studio/video/$id" });
  return (
    <StudioFrame tab="analytics" next={`/studio/video/${id}`}>
      {() => (id > 0 ? <OneVideo id={id} /> : <NotYours />)}
    </StudioFrame>
  );
}

function OneVideo({ id }: { id: number }) {
  const { data: video } = useQuery(videoQuery(id));
  return <Analytics videoId={id} video={video} />;
}

const layout = "grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]";

function NotYours() {
  const { t } = useTranslation();
  return (
    <State drawing={<FilmDrawing />} title={t("watch.missing.title")} text={t("analytics.notYours")}>
      <LinkButton to="/studio">{t("nav.studio")}</LinkButton>
    </State>
  );
}

/** The analytics of one's channel, or of one video. */
function Analytics({ videoId, video }: { videoId: number | null; video?: Video | undefined }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const navigate = useNavigate();
  const [days, setDays] = useState<Period>(28);
  const query = useQuery({ ...analyticsQuery(videoId, days), placeholderData: (before) => before });
  // The longest period has the days before a shorter one.
  const longer = useQuery(analyticsQuery(videoId, 90));
  if (query.isError && query.data === undefined) {
    if ([403, 404].includes(asFailure(query.error).status)) return <NotYours />;
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { data } = query;
  const [first, last] = [data?.series.at(0), data?.series.at(-1)];
  const range = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        {videoId === null ? (
          <span className="text-sm font-semibold">{t("analytics.channel")}</span>
        ) : (
          <span className="flex w-full min-w-0 flex-col gap-x-3 gap-y-2 sm:w-auto sm:flex-row sm:items-center">
            <Button
              look="ghost"
              className="-ms-3 self-start"
              onPress={() => void navigate({ to: "/studio/analytics" })}
            >
              <ArrowLeft size={16} aria-hidden className="rtl:-scale-x-100" />
              {t("analytics.channel")}
            </Button>
            {video !== undefined && (
              <Link
                to="/watch/$id"
                params={{ id: videoId }}
                className="flex min-w-0 items-center gap-2 hover:underline"
              >
                <Cover video={video} showDuration={false} className="h-9 w-16 shrink-0" />
                <span className="truncate text-sm font-semibold">
                  <bdi>{video.title}</bdi>
                </span>
              </Link>
            )}
          </span>
        )}
        <span className="me-auto min-h-5 w-full text-sm text-soft sm:w-auto">
          {first !== undefined &&
            last !== undefined &&
            range.formatRange(Date.parse(first.date), Date.parse(last.date))}
        </span>
        <PeriodChoice days={days} onChange={setDays} />
        <Button onPress={() => void downloadCsv(videoId, days).catch((thrown: unknown) => showToast(text(thrown)))}>
          <Download size={16} aria-hidden />
          {t("analytics.csv")}
        </Button>
      </div>
      {data === undefined ? (
        <div key="busy" aria-busy className={layout}>
          <Skeleton className="h-96 rounded-xl!" />
          <Skeleton className="h-40 rounded-xl!" />
        </div>
      ) : (
        <div className={layout}>
          <div className="flex min-w-0 flex-col gap-4">
            <Figures analytics={data} longer={longer.data?.series ?? []} days={days} />
            {data.views > 0 && videoId !== null && <Retention retention={data.retention} video={video} />}
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <Sources sources={data.sources} />
            {data.top !== undefined && data.top.length > 0 && <TopVideos top={data.top} />}
          </div>
        </div>
      )}
    </>
  );
}

function PeriodChoice({ days, onChange }: { days: Period; onChange: (days: Period) => void }) {
  const { t } = useTranslation();
  return (
    <RadioGroup
      aria-label={t("analytics.period")}
      value={String(days)}
      onChange={(chosen) => onChange(periods.find((period) => String(period) === chosen) ?? 28)}
      orientation="horizontal"
      className="flex rounded-lg bg-raised p-0.5"
    >
      {periods.map((period) => (
        <Radio
          key={period}
          value={String(period)}
          className={({ isSelected }) =>
            classNames(
              "inline-flex min-h-10 cursor-pointer items-center rounded-md px-3 text-sm font-medium whitespace-nowrap pointer-fine:min-h-8",
              isSelected ? "bg-surface text-ink" : "text-soft hover:text-ink",
            )
          }
        >
          {t("analytics.days", { count: period })}
        </Radio>
      ))}
    </RadioGroup>
  );
}
