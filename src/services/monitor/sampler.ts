import type { Metrics } from "#kernel/telemetry/port";
import type { Labels, Sample } from "./contract.ts";
import { samplesMax } from "./contract.ts";
import { isGauge, knownMetrics, processMetrics, storedNames } from "./known-metrics.ts";

/** Reads the stored metrics of this process: how much counters grew since the last time, and the values of gauges. */
export class Sampler {
  readonly #metrics: Pick<Metrics, "read">;
  readonly #totals = new Map<string, number>();

  constructor(metrics: Pick<Metrics, "read">) {
    this.#metrics = metrics;
  }

  async read(): Promise<Sample[]> {
    const names = Object.keys(knownMetrics).filter((name) => !processMetrics.has(name));
    const values = await this.#metrics.read(names);
    const sums = new Map<string, Sample>();
    for (const name of names)
      for (const stored of storedNames(name))
        for (const { labels, value } of values.filter((entry) => entry.name === stored)) {
          const reduced = reduceLabels(labels, knownMetrics[name]?.labels ?? []);
          const key = `${stored} ${JSON.stringify(reduced)}`;
          sums.set(key, { name: stored, labels: reduced, value: (sums.get(key)?.value ?? 0) + value });
        }
    return [...sums].slice(0, samplesMax - processMetrics.size).map(([key, sample]) => this.#sinceLast(key, sample));
  }

  #sinceLast(key: string, sample: Sample): Sample {
    if (isGauge(sample.name)) return sample;
    const value = sample.value - (this.#totals.get(key) ?? 0);
    this.#totals.set(key, sample.value);
    return { ...sample, value };
  }
}

/** The labels of a series, of the many that a metric has; a status is one of its hundred. Pure. */
function reduceLabels(labels: Readonly<Record<string, string>>, names: readonly (keyof Labels)[]): Labels {
  const reduced: Labels = {};
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined) reduced[name] = name === "status" ? `${value.slice(0, 1)}xx` : value;
  }
  return reduced;
}
