import { command, failure, Instant, named, query, service } from "#kernel";
import { z } from "zod";

export const TooManyPoints = failure(
  "invalid",
  "monitor.too_many_points",
  "this is more than one answer has, ask for a shorter time or a longer step",
  z.object({ max: z.int() }),
);
export const BadStep = failure(
  "invalid",
  "monitor.bad_step",
  "a step is whole minutes, and whole hours where the time begins more than seven days ago",
);
export const BadTime = failure("invalid", "monitor.bad_time", "the time begins before it ends, at most 90 days ago");

/** `away`: it has not reported for three minutes. */
const State = z.enum(["starting", "ready", "draining", "away"]);
const ComponentState = z.enum(["ok", "degraded", "down"]);

/** A process as it reports itself each minute, and at once when its state changes. */
const process = {
  id: z.string().min(1).max(300),
  host: z.string().max(253),
  version: z.string().max(64),
  /** The gateway is named like a service. */
  services: z.array(z.string().max(64)).max(100),
  startedAtMs: Instant,
  /** Seconds of processor time in each second, without child processes. */
  cpu: z.number().min(0),
  memoryBytes: z.int().min(0),
  connections: z.int().min(0),
  /** The longest time that a timer was late within the last minute. */
  eventLoopLagMs: named("event_loop_lag_ms", z.number().min(0)),
};
const Component = z.object({
  name: z.string().max(100),
  kind: z.enum(["database", "storage", "cache", "bus", "registry", "search", "media", "service"]),
  state: ComponentState,
  /** The reason in plain words; empty where all is well. */
  message: z.string().max(500),
  latencyMs: named("latency_ms", z.number().min(0).nullable()),
});
export type Component = z.output<typeof Component>;

const label = z.string().max(100).optional();
/** The labels that series have; each series has some of them. */
export const Labels = z.object({
  service: label,
  consumer: label,
  status: label,
  result: label,
  state: label,
  process: z.string().max(300).optional(),
});
export type Labels = z.output<typeof Labels>;
/** A number of one minute: the growth of a counter, or the value of a gauge. */
export const Sample = z.object({ name: z.string().max(100), labels: Labels, value: z.number() });
export type Sample = z.output<typeof Sample>;
export const samplesMax = 500;

const MonitoredProcess = z.object({ ...process, state: State }).meta({ id: "MonitoredProcess" });
const MonitoredComponent = Component.extend({ sinceMs: Instant }).meta({ id: "MonitoredComponent" });
/** A process appeared (`registered`) or disappeared; `replaced`: another one started under its name. */
const MonitoredProcessChange = z
  .object({
    atMs: Instant,
    change: z.enum(["registered", "stopped", "away", "replaced"]),
    process: process.id,
    host: process.host,
    version: process.version,
    services: process.services,
  })
  .meta({ id: "MonitoredProcessChange" });
export type MonitoredProcessChange = z.output<typeof MonitoredProcessChange>;
export type MonitoredComponent = z.output<typeof MonitoredComponent>;

/** How the installation is, by the reports of its processes. */
export const monitor = service(
  "monitor",
  1,
  {
    health: query({
      http: "GET /api/v1/monitor/health",
      auth: "moderator",
      summary:
        "Returns whether all is well: the processes, what they stand on, and which processes appeared and disappeared last. A process that has not reported for three minutes is `away`.",
      input: z.object({}),
      output: z
        .object({
          status: z.enum(["ok", "degraded", "down"]),
          sinceMs: Instant,
          processes: z.array(MonitoredProcess),
          components: z.array(MonitoredComponent),
          /** The latest 50 of a week. */
          changes: z.array(MonitoredProcessChange),
        })
        .meta({ id: "Health" }),
    }),
    metrics: query({
      http: "GET /api/v1/monitor/metrics",
      auth: "admin",
      summary:
        "Returns series of metrics: by minutes for the last 7 days, by hours for 90. A point is the time in seconds since 1970 and a value: of counters the growth within `step` seconds, of gauges the mean, of durations the mean in seconds.",
      input: z.object({
        name: z.array(z.string().max(100)).min(1).max(10),
        service: z.string().max(64).optional(),
        /** A day ago by default. */
        fromMs: Instant.optional(),
        toMs: Instant.optional(),
        step: z.number().min(60).max(86_400).optional(),
      }),
      output: z.object({
        items: z.array(
          z.object({
            name: z.string(),
            labels: Labels,
            points: z.array(z.array(z.number())),
          }),
        ),
      }),
      errors: [BadStep, BadTime, TooManyPoints],
    }),

    report: command({
      auth: "service",
      idempotent: true,
      input: z.object({
        ...process,
        /** `closed`: it stops now, and is not missed. */
        state: z.enum(["starting", "ready", "draining", "closed"]),
        components: z.array(Component).max(100),
        samples: z.array(Sample).max(samplesMax),
      }),
      output: z.object({}),
    }),
  },
  { scopes: { query: "none", command: "none" } },
);
