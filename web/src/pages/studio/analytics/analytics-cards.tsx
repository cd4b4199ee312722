import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SourceViews, TopVideo, Video } from "#base/api/types.ts";
import { formatCount, formatLength } from "#base/format/format.ts";
import { LineChart } from "#base/ui/charts/line-chart.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { storyboardQuery, tileAt } from "#parts/player/storyboard.ts";

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="rounded-xl border border-line bg-surface p-4">
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

const framesShown = 12;

/** The share of viewers who watched each part of a video, over a strip of its frames. */
export function Retention({ retention, video }: { retention: readonly number[]; video: Video | undefined }) {
  const { t, i18n } = useTranslation();
  const { data: tiles = [] } = useQuery(storyboardQuery(video?.hls_url ?? ""));
  const duration = video?.duration ?? 0;
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  const timeAt = (place: number) => formatLength((duration * place) / Math.max(1, retention.length - 1));
  return (
    <Card title={t("analytics.retention")}>
      <LineChart
        label={t("analytics.retention")}
        current={retention}
        top={1}
        format={(value) => percent.format(value)}
        nameOf={timeAt}
        className="h-28"
      />
      {tiles.length > 0 && (
        <div aria-hidden dir="ltr" className="me-14 mt-2 flex gap-0.5 overflow-hidden rounded-lg">
          {Array.from({ length: framesShown }, (_, place) => {
            const tile = tileAt(tiles, (duration * (place + 0.5)) / framesShown);
            return tile === null ? null : <Frame key={place} {...tile} />;
          })}
        </div>
      )}
      <p aria-hidden dir="ltr" className="tabular me-14 mt-1 flex justify-between text-xs text-soft">
        <span>0:00</span>
        <span>{formatLength(duration)}</span>
      </p>
    </Card>
  );
}

const frameHeight = 34;

function Frame({ url, x, y, width, height }: { url: string; x: number; y: number; width: number; height: number }) {
  return (
    <span className="relative flex-1 overflow-hidden bg-raised" style={{ height: frameHeight }}>
      <span
        className="absolute start-0 top-0 block origin-top-left"
        style={{
          width,
          height,
          backgroundImage: `url("${url}")`,
          backgroundPosition: `-${x}px -${y}px`,
          transform: `scale(${Math.max(frameHeight / height, 0.5)})`,
        }}
      />
    </span>
  );
}

/** From where a video was opened, the most frequent first. */
export function Sources({ sources }: { sources: readonly SourceViews[] }) {
  const { t, i18n } = useTranslation();
  const all = sources.reduce((sum, { views }) => sum + views, 0);
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 0 });
  const sorted = sources.toSorted((a, b) => b.views - a.views);
  return (
    <Card title={t("analytics.sources")}>
      {all === 0 && <p className="text-sm text-soft">{t("analytics.sources.none")}</p>}
      <ul className="flex flex-col gap-3">
        {sorted
          .filter(({ views }) => views > 0)
          .map(({ source, site, views }) => (
            <li key={`${source} ${site ?? ""}`} className="text-sm">
              <span className="flex justify-between gap-2">
                <span className="truncate">
                  <bdi>{site ?? t(`analytics.source.${source}`)}</bdi>
                </span>
                <span className="tabular text-soft">{percent.format(views / all)}</span>
              </span>
              <span aria-hidden className="mt-1 block h-1.5 overflow-hidden rounded-full bg-raised">
                <span
                  className="block h-full rounded-full bg-soft"
                  style={{ width: `${(100 * views) / (sorted[0]?.views ?? 1)}%` }}
                />
              </span>
            </li>
          ))}
      </ul>
    </Card>
  );
}

/** The videos with the most views of the period. */
export function TopVideos({ top }: { top: readonly TopVideo[] }) {
  const { t, i18n } = useTranslation();
  return (
    <Card title={t("analytics.top")}>
      <ul className="flex flex-col gap-2">
        {top.map((video) => (
          <li key={video.id}>
            <Link
              to="/studio/video/$id"
              params={{ id: video.id }}
              className="group flex items-center gap-3 rounded-lg text-sm"
            >
              <Cover video={video} showDuration={false} className="h-9 w-16 shrink-0" />
              <span className="line-clamp-2 min-w-0 flex-1 font-medium group-hover:underline">
                <bdi>{video.title}</bdi>
              </span>
              <span className="tabular text-soft">{formatCount(video.views, i18n.language)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
