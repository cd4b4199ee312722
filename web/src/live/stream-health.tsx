import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { formatNumber } from "../format/format.ts";

const lookMs = 4_000;

/** How the host's stream comes in, with what to change where something is wrong. Nothing without a publisher. */
export function StreamHealthPanel({ liveId }: { liveId: number }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ["live", liveId, "health"],
    queryFn: ({ signal }) => ask("live.health", { path: { id: liveId }, signal }),
    refetchInterval: lookMs,
  });
  if (!data?.is_sending) return null;
  const { video, audio } = data;
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits }).format(value);
  const facts = [
    ["live.health.rate", t("live.health.rate.value", { rate: number(data.bitrate_bps / 1_000_000, 1) })],
    ["live.health.frames", formatNumber(Math.round(data.frames_per_second), i18n.language)],
    ["live.health.keys", data.keyframe === null ? "–" : t("live.health.seconds", { time: number(data.keyframe, 1) })],
    ["live.health.dropped", formatNumber(data.dropped_frames, i18n.language)],
    ["live.health.picture", video === null ? "–" : `${video.width}×${video.height} ${video.codec.toUpperCase()}`],
    [
      "live.health.sound",
      audio === null ? "–" : `${number(audio.sample_rate / 1_000, 1)} kHz ${audio.codec.toUpperCase()}`,
    ],
  ] as const;
  return (
    <section aria-labelledby="health" className="min-w-0 rounded-2xl bg-surface p-4">
      <h2 id="health" className="mb-3 text-base font-semibold">
        {t("live.health")}
      </h2>
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-x-4 gap-y-2">
        {facts.map(([key, value]) => (
          <div key={key} className="min-w-0">
            <dt className="text-xs text-soft">{t(key)}</dt>
            <dd className="tabular font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      <ul role="status" className="mt-3 flex flex-col gap-2 empty:hidden">
        {data.warnings.map((warning) => (
          <li key={warning} className="flex gap-2 rounded-lg bg-warn/10 px-3 py-2.5 text-sm">
            <TriangleAlert size={18} aria-hidden className="shrink-0" />
            {t(`live.health.${warning}`, { time: number(data.keyframe ?? 0, 1) })}
          </li>
        ))}
      </ul>
    </section>
  );
}
