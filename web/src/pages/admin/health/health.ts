import type { Health, MonitoredComponent, MonitoredProcess } from "#base/api/types.ts";

/** A timer that is this late delays every request. */
const slowMs = 200;
/** Almost a whole core: requests wait for each other. */
const busyCpu = 0.9;

export type Condition = "good" | "busy" | "slow" | MonitoredProcess["state"];

/** How a process is, in one word. Pure. */
export function conditionOf({ state, cpu, event_loop_lag_ms: lagMs }: MonitoredProcess): Condition {
  if (state !== "ready") return state;
  if (lagMs >= slowMs) return "slow";
  return cpu >= busyCpu ? "busy" : "good";
}

export const needsAttention = (condition: Condition): boolean => condition === "away" || condition === "slow";

/** The fault that the heading names: a process, else a component; neither where all is well. Pure. */
export function worstOf({ processes, components }: Pick<Health, "processes" | "components">): {
  readonly process?: MonitoredProcess | undefined;
  readonly component?: MonitoredComponent | undefined;
} {
  const process = processes.find((candidate) => needsAttention(conditionOf(candidate)));
  return { process, component: process ? undefined : components.find(({ state }) => state !== "ok") };
}

/** How long something lasts, as its largest unit: `12 d`, `6 h`, `5 min`. Pure. */
export function uptimeOf(
  startedAtMs: number,
  nowMs: number,
): { readonly unit: "day" | "hour" | "minute"; readonly count: number } {
  const minutes = Math.max(0, Math.floor((nowMs - startedAtMs) / 60_000));
  if (minutes >= 1_440) return { unit: "day", count: Math.floor(minutes / 1_440) };
  if (minutes >= 60) return { unit: "hour", count: Math.floor(minutes / 60) };
  return { unit: "minute", count: minutes };
}

const servicesMax = 4;

/** The services of a process that have room beside its name, and how many more there are. Pure. */
export function shortServices(services: readonly string[]): {
  readonly shown: readonly string[];
  readonly more: number;
} {
  if (services.length <= servicesMax) return { shown: services, more: 0 };
  return { shown: services.slice(0, servicesMax - 1), more: services.length - servicesMax + 1 };
}

/** A known name has its own text; a service is named as it is. Pure. */
export const componentKey = ({ name, kind }: Pick<MonitoredComponent, "name" | "kind">): string =>
  kind === "service" ? "health.part.service" : `health.part.${name}`;
