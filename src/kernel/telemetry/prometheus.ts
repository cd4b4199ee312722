import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./port.ts";

export function prometheusMetrics(): Metrics {
  const registry = new Registry();
  const made = new Map<string, unknown>();
  // One name always comes back as the kind it was made as: the maker is chosen by the method that asks.
  const once = <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
  let collecting = false;
  return {
    counter: (name, help, labels = []) =>
      once(name, () => {
        const metric = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
        return { add: (amount = 1, by = {}) => metric.inc(by, amount) };
      }),
    gauge: (name, help, labels = []) =>
      once(name, () => {
        const metric = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
        return { set: (value, by = {}) => metric.set(by, value) };
      }),
    histogram: (name, help, labels, buckets) =>
      once(name, () => {
        const metric = new Histogram({
          name,
          help,
          labelNames: [...labels],
          buckets: [...buckets],
          registers: [registry],
        });
        return { observe: (value, by = {}) => metric.observe(by, value) };
      }),
    async text() {
      // The process's own numbers cost a timer and a garbage-collection observer: only where somebody reads them.
      if (!collecting) collectDefaultMetrics({ register: registry });
      collecting = true;
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}
