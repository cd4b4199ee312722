import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./port.ts";

const lookMsMax = 2_000;

export function prometheusMetrics(): Metrics {
  const registry = new Registry();
  const made = new Map<string, unknown>();
  // One name always comes back as the kind it was made as: the maker is chosen by the method that asks.
  const once = <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
  let collecting = false;
  const looks: (() => Promise<void>)[] = [];
  return {
    counter: (name, help, labels = []) =>
      once(name, () => {
        const metric = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
        const child = perLabels((by) => metric.labels(by));
        return { add: (amount = 1, by = {}) => child(by).inc(amount) };
      }),
    measured(name, help, labels, look) {
      const metric = once(name, () => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }));
      looks.push(async () => {
        for (const [value, by] of await look()) metric.set(by, value);
      });
    },
    histogram: (name, help, labels, buckets) =>
      once(name, () => {
        const metric = new Histogram({
          name,
          help,
          labelNames: [...labels],
          buckets: [...buckets],
          registers: [registry],
        });
        const child = perLabels((by) => metric.labels(by));
        return { observe: (value, by = {}) => child(by).observe(value) };
      }),
    async text() {
      // The process's own numbers cost a timer and a garbage-collection observer: only where somebody reads them.
      if (!collecting) collectDefaultMetrics({ register: registry });
      collecting = true;
      // What cannot be looked at now keeps its last value: numbers are asked for most when something is down.
      const late = new Promise<void>((resolve) => setTimeout(resolve, lookMsMax).unref());
      await Promise.race([Promise.allSettled(looks.map((look) => look())), late]);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** Remembers the child of each set of labels: finding it anew costs more than counting. Sets are few by rule. */
function perLabels<C>(make: (by: Record<string, string>) => C): (by: Record<string, string>) => C {
  const children = new Map<string, C>();
  return (by) => {
    let key = "";
    for (const name in by) key += `${by[name]}\n`;
    const known = children.get(key) ?? make(by);
    if (children.size < 10_000) children.set(key, known);
    return known;
  };
}
