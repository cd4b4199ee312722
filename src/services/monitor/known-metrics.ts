import type { Labels } from "./contract.ts";

interface KnownMetric {
  /** A duration is a histogram: its sum and its count are stored. */
  readonly kind: "counter" | "gauge" | "duration";
  readonly labels: readonly (keyof Labels)[];
  /** How values of several processes become one; counters and durations are added. */
  readonly across?: "sum" | "max";
  /** Processes are compared, not combined. */
  readonly byProcess?: true;
}

/** The metrics that are stored. Every other one is for the operator's Prometheus. */
export const knownMetrics: Readonly<Record<string, KnownMetric>> = {
  http_requests_total: { kind: "counter", labels: ["service", "status"] },
  http_request_duration_seconds: { kind: "duration", labels: ["service"] },
  rpc_requests_total: { kind: "counter", labels: ["service"] },
  rpc_request_duration_seconds: { kind: "duration", labels: ["service"] },
  events_published_total: { kind: "counter", labels: ["service"] },
  events_consumed_total: { kind: "counter", labels: ["consumer", "result"] },
  event_lag: { kind: "gauge", labels: ["service"], across: "max" },
  db_pool_in_use: { kind: "gauge", labels: ["service"] },
  cache_hits_total: { kind: "counter", labels: [] },
  cache_misses_total: { kind: "counter", labels: [] },
  transcode_jobs: { kind: "gauge", labels: ["state"], across: "max" },
  streaming_started_total: { kind: "counter", labels: [] },
  streaming_stopped_total: { kind: "counter", labels: [] },
  upload_bytes_total: { kind: "counter", labels: [] },
  connections_open: { kind: "gauge", labels: [] },
  process_cpu: { kind: "gauge", labels: [], byProcess: true },
  process_memory_bytes: { kind: "gauge", labels: [], byProcess: true },
  process_event_loop_lag_seconds: { kind: "gauge", labels: [], byProcess: true },
};

/** The metrics that a process measures of itself, beside those in its registry. */
export const processMetrics: ReadonlySet<string> = new Set(
  Object.entries(knownMetrics).flatMap(([name, { byProcess }]) => (byProcess ? [name] : [])),
);

const durationParts = ["_sum", "_count"] as const;

/** The names under which the values of a metric are stored. Pure. */
export const storedNames = (name: string): readonly string[] =>
  knownMetrics[name]?.kind === "duration" ? durationParts.map((part) => name + part) : [name];

/** True if a stored value replaces the one before of the same minute instead of adding to it. Pure. */
export const isGauge = (storedName: string): boolean => knownMetrics[storedName]?.kind === "gauge";

const allStoredNames: ReadonlySet<string> = new Set(Object.keys(knownMetrics).flatMap(storedNames));
export const isStored = (name: string): boolean => allStoredNames.has(name);
