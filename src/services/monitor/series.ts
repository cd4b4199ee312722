import type { Labels } from "./contract.ts";
import { knownMetrics, storedNames } from "./known-metrics.ts";

/** Stored values of a metric in one process, from a time on at equal distances. */
export interface StoredValues {
  readonly name: string;
  /** JSON. */
  readonly labels: string;
  readonly process: string;
  readonly beginsMs: number;
  readonly distanceMs: number;
  readonly points: readonly (number | null)[];
}
export interface Series {
  readonly name: string;
  readonly labels: Labels;
  /** Times in seconds since 1970, and values. */
  readonly points: [time: number, value: number][];
}
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Values of one step: of each process their sum and number, in its own slot. */
type Slots = Map<number, Map<string, { sum: number; count: number }>>;

/**
 * The series of a metric. Within a step, counters are added and gauges averaged; then processes are combined, unless the
 * metric compares them. Pure.
 */
export function seriesOf(name: string, rows: readonly StoredValues[], span: Span): Series[] {
  const { kind, across = "sum", byProcess } = knownMetrics[name] ?? { kind: "gauge" };
  const groups = Map.groupBy(rows, ({ labels, process }) => (byProcess ? `${labels} ${process}` : labels));
  return [...groups.values()].flatMap((ofGroup) => {
    const [first] = ofGroup;
    if (!first) return [];
    const labels: Labels = { ...(JSON.parse(first.labels) as Labels), ...(byProcess && { process: first.process }) }; // As it was stored.
    const [sumName, countName] = storedNames(name);
    const values =
      kind === "duration"
        ? divideValues(combineValues(ofGroup, span, sumName), combineValues(ofGroup, span, countName))
        : combineValues(ofGroup, span, name, kind === "gauge", across);
    const points = [...values].toSorted(([a], [b]) => a - b);
    return points.length === 0 ? [] : [{ name, labels, points }];
  });
}

/** The value of each step, by its time in seconds. Pure. */
function combineValues(
  rows: readonly StoredValues[],
  span: Span,
  name: string | undefined,
  isGauge = false,
  across: "sum" | "max" = "sum",
): Map<number, number> {
  const slots: Slots = new Map();
  for (const row of rows) if (row.name === name) addTo(slots, row, span);
  const values = new Map<number, number>();
  for (const [time, ofProcesses] of slots) {
    const each = [...ofProcesses.values()].map(({ sum, count }) => (isGauge ? sum / count : sum));
    values.set(time, across === "max" ? Math.max(...each) : each.reduce((total, value) => total + value, 0));
  }
  return values;
}

function addTo(slots: Slots, { beginsMs, distanceMs, process, points }: StoredValues, span: Span): void {
  for (const [place, point] of points.entries()) {
    const atMs = beginsMs + place * distanceMs;
    if (point === null || atMs < span.fromMs || atMs >= span.toMs) continue;
    const time = (Math.floor(atMs / span.stepMs) * span.stepMs) / 1_000;
    const slot = slots.get(time) ?? new Map<string, { sum: number; count: number }>();
    slots.set(time, slot);
    const value = slot.get(process) ?? { sum: 0, count: 0 };
    slot.set(process, value);
    value.sum += point;
    value.count += 1;
  }
}

/** Seconds by their number: the mean duration of each step that had some. Pure. */
function divideValues(sums: ReadonlyMap<number, number>, counts: ReadonlyMap<number, number>): Map<number, number> {
  const values = new Map<number, number>();
  for (const [time, count] of counts) if (count > 0) values.set(time, (sums.get(time) ?? 0) / count);
  return values;
}
