export interface Counter {
  add(amount?: number, labels?: Record<string, string>): void;
}
export interface Gauge {
  set(value: number, labels?: Record<string, string>): void;
}
export interface Histogram {
  observe(value: number, labels?: Record<string, string>): void;
}

/** Named numbers for Prometheus. Asking twice for a name gives the same metric. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]): Histogram;
  /** Prometheus' text form and its content type. */
  text(): Promise<{ type: string; body: string }>;
}
