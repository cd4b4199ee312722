export interface Counter {
  add(amount?: number, labels?: Record<string, string>): void;
}
export interface Histogram {
  observe(value: number, labels?: Record<string, string>): void;
}

/** The values of a gauge at one moment, each with its labels. */
export type Reading = readonly [value: number, labels: Record<string, string>];

/** The value of one metric with its labels; of a histogram those of `<name>_sum` and `<name>_count`. */
export interface MetricValue {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Named numbers for Prometheus. Asking twice for a name gives the same metric. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /**
   * A gauge that is measured only when a client reads it; several may look for one name, each with labels of its own.
   */
  gauge(name: string, help: string, labels: readonly string[], look: () => Promise<readonly Reading[]>): void;
  histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]): Histogram;
  /** The present values of these metrics; gauges of other names are not measured. */
  read(names: readonly string[]): Promise<readonly MetricValue[]>;
  /** Prometheus' text form and its content type. */
  text(): Promise<{ type: string; body: string }>;
}
