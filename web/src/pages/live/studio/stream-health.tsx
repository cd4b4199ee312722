import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { StreamHealth } from "#base/api/types.ts";
import { formatDate, formatNumber } from "#base/format/format.ts";
import { Sparkline } from "#base/ui/charts/sparkline.tsx";
import { useHistory } from "./use-history.ts";
import { lookMs, useStreamHealth } from "./use-stream-health.ts";

type Refusal = NonNullable<StreamHealth["last_refusal"]>;

/** The time that the lines show. */
const shownMs = 5 * 60_000;

type FactName = "rate" | "frames" | "keys" | "dropped" | "picture" | "sound";
/** A fact in words, and its values of the last minutes. */
type Fact = readonly [name: `live.health.${FactName}`, value: string, values?: readonly number[]];

/** How the host's stream comes in, with what to change where something is wrong. Nothing without a publisher. */
export function StreamHealthPanel({ liveId }: { liveId: number }) {
  const { t, i18n } = useTranslation();
  const { data, dataUpdatedAt } = useStreamHealth(liveId);
  const history = useHistory(data, dataUpdatedAt, shownMs / lookMs).filter((sample) => sample?.is_sending === true);
  if (!data?.is_sending) return data?.last_refusal ? <RefusalNotice refusal={data.last_refusal} /> : null;
  const { video, audio } = data;
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits }).format(value);
  const line = (valueOf: (health: StreamHealth) => number) => history.map((sample) => (sample ? valueOf(sample) : 0));
  const dropped = line((sample) => sample.dropped_frames);
  const facts: readonly Fact[] = [
    [
      "live.health.rate",
      t("live.health.rate.value", { rate: number(data.bitrate_bps / 1_000_000, 1) }),
      line((sample) => sample.bitrate_bps),
    ],
    [
      "live.health.frames",
      formatNumber(Math.round(data.frames_per_second), i18n.language),
      line((sample) => sample.frames_per_second),
    ],
    [
      "live.health.keys",
      data.keyframe === null ? "–" : t("live.health.seconds", { time: number(data.keyframe, 1) }),
      line((sample) => sample.keyframe ?? 0),
    ],
    [
      "live.health.dropped",
      formatNumber(data.dropped_frames, i18n.language),
      // The losses between two looks; the sum would only ever rise.
      dropped.map((count, at) => Math.max(0, count - (dropped[at - 1] ?? count))),
    ],
    ["live.health.picture", video === null ? "–" : `${video.width}×${video.height} ${video.codec.toUpperCase()}`],
    [
      "live.health.sound",
      audio === null ? "–" : `${number(audio.sample_rate / 1_000, 1)} kHz ${audio.codec.toUpperCase()}`,
    ],
  ];
  return (
    <section aria-labelledby="health" className="min-w-0 rounded-2xl bg-surface p-4">
      <div className="mb-3 flex items-baseline justify-between gap-3">
        <h2 id="health" className="text-base font-semibold">
          {t("live.health")}
        </h2>
        {history.length > 1 && <p className="text-xs text-soft">{t("live.health.shown")}</p>}
      </div>
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-x-4 gap-y-2">
        {facts.map((fact) => (
          <FactRow key={fact[0]} fact={fact} />
        ))}
      </dl>
      <div role="status">
        {data.warnings.length > 0 && (
          <ul className="mt-3 flex flex-col gap-2">
            {data.warnings.map((warning) => (
              <li key={warning} className="flex gap-2 rounded-lg bg-warn/10 px-3 py-2.5 text-sm">
                <TriangleAlert size={18} aria-hidden className="shrink-0" />
                {t(`live.health.${warning}`, { time: number(data.keyframe ?? 0, 1) })}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

/** Why the last publisher was refused or stopped, where none is connected. */
export function RefusalNotice({ refusal: { at, reason, sentence } }: { refusal: Refusal }) {
  const { t, i18n } = useTranslation();
  return (
    <section
      role="status"
      aria-label={t("live.refusal")}
      className="flex gap-2 rounded-lg bg-warn/10 px-3 py-2.5 text-sm"
    >
      <TriangleAlert size={18} aria-hidden className="shrink-0" />
      <p className="min-w-0">
        <span className="block text-xs text-soft">
          {t("live.refusal")} · <time dateTime={at}>{formatDate(Date.parse(at), i18n.language)}</time>
        </span>
        {t(`live.refusal.${reason}`)}
        {detailed.has(reason) && (
          <bdi lang="en" className="block text-xs text-soft">
            {sentence}
          </bdi>
        )}
      </p>
    </section>
  );
}

/** Reasons whose sentence says more, such as the codec. */
const detailed: ReadonlySet<Refusal["reason"]> = new Set([
  "unsupported",
  "malformed",
  "too_large",
  "order",
  "bitrate_exceeded",
]);

/** A fact, with its line in a row of its own where it has one. */
function FactRow({ fact: [name, value, values = []] }: { fact: Fact }) {
  const { t } = useTranslation();
  const hasLine = values.length > 1;
  return (
    <div
      className={
        hasLine
          ? "col-span-full grid min-w-0 grid-cols-[1fr_auto] items-center gap-x-3 border-b border-line pb-2"
          : "min-w-0"
      }
    >
      <dt className="text-xs text-soft">{t(name)}</dt>
      <dd className="tabular col-start-1 font-semibold">{value}</dd>
      {hasLine && (
        <dd aria-hidden className="col-start-2 row-span-2 row-start-1">
          <Sparkline values={values} className="h-6 w-20 text-soft" dotClass="fill-ink" />
        </dd>
      )}
    </div>
  );
}
