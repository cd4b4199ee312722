import type { z } from "zod";
import type { MonitoredComponent, monitor } from "./contract.ts";

/** A process that reports each minute has missed three of them by then. */
export const awayMs = 180_000;

type Health = z.output<typeof monitor.methods.health.output>;
export type ReportedProcess = Omit<Health["processes"][number], "state"> & {
  readonly state: "starting" | "ready" | "draining";
  readonly components: readonly MonitoredComponent[];
  readonly reportedAtMs: number;
};

/** Without these nothing works, if no process has them. */
const vitalKinds: ReadonlySet<string> = new Set(["database", "storage"]);
const severities = ["ok", "degraded", "down"] as const;
const severityOf = (state: MonitoredComponent["state"]): number => severities.indexOf(state);

/**
 * How the installation is. It is down where no process is ready, none with a gateway is, or every process lacks its
 * database or its store; degraded where a process is away or anything else is not well. Pure.
 */
export function healthOf(rows: readonly ReportedProcess[], nowMs: number): Omit<Health, "sinceMs" | "changes"> {
  const processes = rows.map(({ components, reportedAtMs, ...row }) =>
    nowMs - reportedAtMs > awayMs ? { ...row, state: "away" as const } : row,
  );
  const present = rows.filter((_, place) => processes[place]?.state !== "away");
  const components = mergeComponents(present.flatMap((row) => row.components));
  const ready = processes.filter(({ state }) => state === "ready");
  const isDown =
    !ready.some(({ services }) => services.includes("gateway")) ||
    [...vitalKinds].some((kind) =>
      isLostEverywhere(
        present.flatMap((row) => row.components),
        kind,
      ),
    );
  const isWell = ready.length === processes.length && components.every(({ state }) => state === "ok");
  return { status: isDown ? "down" : isWell ? "ok" : "degraded", processes, components };
}

function isLostEverywhere(components: readonly MonitoredComponent[], kind: string): boolean {
  const ofKind = components.filter((component) => component.kind === kind);
  return ofKind.length > 0 && ofKind.every(({ state }) => state === "down");
}

/**
 * One for each kind and name, as the process has it that has it worst; the first of those that lack it says since when.
 * Pure.
 */
function mergeComponents(all: readonly MonitoredComponent[]): MonitoredComponent[] {
  return [...Map.groupBy(all, ({ kind, name }) => `${kind} ${name}`).values()]
    .flatMap((ofName) => {
      const worst = Math.max(...ofName.map(({ state }) => severityOf(state)));
      const [first] = ofName
        .filter(({ state }) => severityOf(state) === worst)
        .toSorted((a, b) => a.sinceMs - b.sinceMs);
      const latencies = ofName.flatMap(({ latencyMs }) => latencyMs ?? []);
      return first ? [{ ...first, latencyMs: latencies.length === 0 ? null : Math.max(...latencies) }] : [];
    })
    .toSorted((a, b) => severityOf(b.state) - severityOf(a.state) || (a.name < b.name ? -1 : 1));
}
