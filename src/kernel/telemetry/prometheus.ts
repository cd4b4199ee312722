import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Metrics, MetricValue } from "./port.ts";
import { createBuckets, createTally } from "./tally.ts";

const lookMsMax = 2_000;
/** Gauges of the library with the suffix of counters, which linters of metrics refuse; the sums of others that stay. */
const misnamed = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

export function createPrometheusMetrics(): Metrics {
  const registry = new Registry();
  const metrics = new Map<string, unknown>();
  // A metric of one name always has the same kind, because each method of the port makes one kind.
  const once = <T>(name: string, make: () => T): T => {
    if (!metrics.has(name)) metrics.set(name, make());
    return metrics.get(name) as T;
  };
  let collecting = false;
  const looks: { readonly name: string; readonly look: () => Promise<void> }[] = [];
  // A gauge that cannot be measured now keeps its last value: numbers are asked for most when something is down.
  async function measureGauges(isWanted: (name: string) => boolean): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, lookMsMax).unref());
    const wanted = looks.filter(({ name }) => isWanted(name));
    await Promise.race([Promise.allSettled(wanted.map(({ look }) => look())), late]);
  }
  return {
    counter: (name, help, labels = []) =>
      once(name, () => {
        const { add, metric } = createTally(name, help, labels);
        registry.registerMetric(metric);
        return { add: (amount = 1, by = {}) => add(amount, by) };
      }),
    gauge(name, help, labels, look) {
      const metric = once(name, () => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }));
      looks.push({
        name,
        async look() {
          for (const [value, by] of await look()) metric.set(by, value);
        },
      });
    },
    histogram: (name, help, labels, bounds) =>
      once(name, () => {
        const { observe, metric } = createBuckets(name, help, labels, bounds);
        registry.registerMetric(metric);
        return { observe: (value, by = {}) => observe(value, by) };
      }),
    async read(names) {
      await measureGauges((name) => names.includes(name));
      const values = await Promise.all(names.map((name) => valuesOf(registry, name)));
      return values.flat();
    },
    async text() {
      // The process's own numbers cost a timer and a garbage-collection observer: only where a client reads them.
      if (!collecting) {
        collectDefaultMetrics({ register: registry });
        for (const name of misnamed) registry.removeSingleMetric(name);
      }
      collecting = true;
      await measureGauges(() => true);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** The values of a metric without its buckets. */
async function valuesOf(registry: Registry, name: string): Promise<MetricValue[]> {
  const metric = registry.getSingleMetric(name);
  if (!metric) return [];
  const { values } = await metric.get();
  return values.flatMap(({ labels, value, ...sample }) => {
    const ownName = "metricName" in sample && typeof sample.metricName === "string" ? sample.metricName : name;
    if (ownName.endsWith("_bucket")) return [];
    const texts = Object.entries(labels).map(([label, text]) => [label, String(text)] as const);
    return [{ name: ownName, labels: Object.fromEntries(texts), value }];
  });
}
