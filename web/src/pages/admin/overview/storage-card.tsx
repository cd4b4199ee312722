import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Overview } from "#base/api/types.ts";
import { formatSize } from "#base/format/format.ts";
import { Away, Card } from "./card.tsx";

type Storage = NonNullable<Overview["storage"]>;

/** The kinds of content, each with how dark it is drawn. */
const kinds = [
  { kind: "renditions", ink: 100 },
  { kind: "video", ink: 72 },
  { kind: "audio", ink: 52 },
  { kind: "image", ink: 40 },
  { kind: "other", ink: 30 },
] as const satisfies readonly { kind: keyof Storage["by_kind"]; ink: number }[];
const colourOf = (ink: number) => `color-mix(in oklab, var(--ink) ${ink}%, var(--raised))`;
const longDays = 365;

/** The used bytes by kind, the free ones, and how long they are enough. */
export function StorageCard({ storage }: { storage: Overview["storage"] }) {
  const { t, i18n } = useTranslation();
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  if (storage === null)
    return (
      <Card title={t("admin.storage")}>
        <Away />
      </Card>
    );
  const { used, free, by_kind: byKind } = storage;
  const total = used + (free ?? 0);
  const present = kinds.filter(({ kind }) => byKind[kind] > 0);
  return (
    <Card
      title={t("admin.storage")}
      end={free === null ? size(used) : t("overview.storage.of", { used: size(used), total: size(total) })}
    >
      <div aria-hidden className="flex h-3 gap-0.5 overflow-hidden rounded-full bg-raised">
        {present.map(({ kind, ink }) => (
          <span
            key={kind}
            className="min-w-1"
            style={{ width: `${(byKind[kind] / Math.max(1, total)) * 100}%`, backgroundColor: colourOf(ink) }}
          />
        ))}
      </div>
      <dl className="flex flex-col gap-2 text-sm">
        {present.map(({ kind, ink }) => (
          <Row key={kind} name={t(`overview.storage.${kind}`)} amount={size(byKind[kind])} colour={colourOf(ink)} />
        ))}
        {free !== null && <Row name={t("overview.storage.free")} amount={size(free)} colour="var(--raised)" />}
      </dl>
      <p className="mt-auto border-t border-line pt-3 text-xs text-soft">
        <Forecast {...storage} />{" "}
        <Link to="/admin/storage" className="font-semibold whitespace-nowrap text-link hover:underline">
          {t("overview.storage.manage")}
        </Link>
      </p>
    </Card>
  );
}

function Row({ name, amount, colour }: { name: string; amount: string; colour: string }) {
  return (
    <div className="flex items-center gap-2">
      <span aria-hidden className="size-2.5 shrink-0 rounded-sm" style={{ backgroundColor: colour }} />
      <dt className="min-w-0 flex-1">{name}</dt>
      <dd className="tabular text-soft">{amount}</dd>
    </div>
  );
}

function Forecast({ free, days_left: days }: Pick<Storage, "free" | "days_left">) {
  const { t } = useTranslation();
  if (free === null) return t("overview.forecast.unlimited");
  if (days === null) return t("overview.forecast.still");
  return days > longDays ? t("overview.forecast.long") : t("overview.forecast", { count: days });
}
