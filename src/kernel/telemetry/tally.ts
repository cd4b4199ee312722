import assert from "node:assert/strict";
import type { Registry } from "prom-client";

export type Labels = Readonly<Record<string, string>>;
type Metric = Parameters<Registry["registerMetric"]>[0];

/** Sets of labels are few by rule; one that has no bound in spite of it must not fill the memory. */
const setsMax = 10_000;

/** One value for each set of labels, found by one key made of them. */
class ByLabels<V> {
  readonly #values = new Map<string, { readonly labels: Labels; readonly value: V }>();
  readonly #names: readonly string[];
  readonly #make: () => V;

  constructor(names: readonly string[], make: () => V) {
    this.#names = names;
    this.#make = make;
  }

  of(labels: Labels): V {
    let key = "";
    for (const name in labels) key += `${labels[name]}\n`;
    const entry = this.#values.get(key);
    if (entry) return entry.value;
    for (const name in labels) assert.ok(this.#names.includes(name), `the metric has no label ${name}`);
    const value = this.#make();
    if (this.#values.size < setsMax) this.#values.set(key, { labels: { ...labels }, value });
    return value;
  }

  mapAll<T>(show: (labels: Labels, value: V) => T): T[] {
    return [...this.#values.values()].map(({ labels, value }) => show(labels, value));
  }
}

export interface Tally {
  readonly add: (amount: number, by: Labels) => void;
  readonly metric: Metric;
}

/**
 * A counter as the registry reads it. Requests are counted several times each, and the library finds its labels anew
 * every time: that alone costs a fifth of a small answer.
 */
export function createTally(name: string, help: string, labels: readonly string[]): Tally {
  const counts = new ByLabels(labels, () => ({ sum: 0 }));
  return {
    add: (amount, by) => {
      counts.of(by).sum += amount;
    },
    metric: asMetric({
      name,
      help,
      type: "counter",
      values: () => counts.mapAll((by, { sum }) => ({ labels: by, value: sum })),
    }),
  };
}

export interface Buckets {
  readonly observe: (value: number, by: Labels) => void;
  readonly metric: Metric;
}

/** A histogram as the registry reads it. @param bounds upper bounds, growing; the last bucket takes the rest. */
export function createBuckets(
  name: string,
  help: string,
  labels: readonly string[],
  bounds: readonly number[],
): Buckets {
  const distribution = new ByLabels(labels, () => ({ sum: 0, counts: new Float64Array(bounds.length + 1) }));
  return {
    observe: (value, by) => {
      const its = distribution.of(by);
      let at = 0;
      while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1;
      its.counts[at] = (its.counts[at] ?? 0) + 1;
      its.sum += value;
    },
    metric: asMetric({
      name,
      help,
      type: "histogram",
      values: () =>
        distribution
          .mapAll((by, { sum, counts }) => {
            let below = 0;
            const rows = [...counts].map((count, at) => {
              below += count;
              return { metricName: `${name}_bucket`, labels: { ...by, le: bounds[at] ?? "+Inf" }, value: below };
            });
            return [
              ...rows,
              { metricName: `${name}_sum`, labels: by, value: sum },
              { metricName: `${name}_count`, labels: by, value: below },
            ];
          })
          .flat(),
    }),
  };
}

interface Sample {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "histogram";
  readonly values: () => readonly object[];
}

/** The registry's view of a metric: its name and, when it is read, its values. */
const asMetric = ({ values, ...about }: Sample): Metric =>
  // The library's own type is a union of its classes; its registry reads only this of them.
  ({ ...about, get: async () => ({ ...about, values: values() }), reset: () => undefined }) as unknown as Metric;
