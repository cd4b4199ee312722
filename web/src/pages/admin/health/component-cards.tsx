import {
  Check,
  Database,
  HardDrive,
  Radio,
  Search,
  Server,
  TriangleAlert,
  Waypoints,
  Zap,
  Clapperboard,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MonitoredComponent } from "#base/api/types.ts";
import { formatAgo, formatNumber } from "#base/format/format.ts";
import { cardClass } from "../overview/card.tsx";
import { componentKey } from "./health.ts";

const icons = {
  database: Database,
  storage: HardDrive,
  cache: Zap,
  bus: Radio,
  registry: Waypoints,
  search: Search,
  media: Clapperboard,
  service: Server,
} as const;

interface ComponentCardsProps {
  components: readonly MonitoredComponent[];
  nowMs: number;
}

/** The parts that the processes stand on. */
export function ComponentCards({ components, nowMs }: ComponentCardsProps) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t("health.parts")} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {components.map((component) => (
        <ComponentCard key={`${component.kind} ${component.name}`} component={component} nowMs={nowMs} />
      ))}
    </ul>
  );
}

function ComponentCard({ component, nowMs }: { component: MonitoredComponent; nowMs: number }) {
  const { t, i18n } = useTranslation();
  const { name, kind, state, message, latency_ms: latencyMs, since } = component;
  const Icon = icons[kind];
  const isGood = state === "ok";
  const latency =
    latencyMs !== null && t("health.latency", { number: formatNumber(Math.ceil(latencyMs), i18n.language) });
  return (
    <li className={`${cardClass} flex items-center gap-3`}>
      <Icon size={18} aria-hidden className="shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium break-words">{t(componentKey(component), { defaultValue: name, name })}</p>
        {isGood ? (
          <p className="text-xs text-soft">{latency || t("health.part.ok")}</p>
        ) : (
          <p className="text-xs break-words text-warn">
            <span lang="en">{message}</span> {formatAgo(Date.parse(since), nowMs, i18n.language)}
          </p>
        )}
      </div>
      {isGood ? (
        <Check size={18} strokeWidth={2.5} role="img" aria-label={t("overview.fine")} className="shrink-0 text-good" />
      ) : (
        <TriangleAlert size={18} role="img" aria-label={t("overview.attentionMark")} className="shrink-0 text-warn" />
      )}
    </li>
  );
}
