import type { Handlers, Host, Schedule } from "#kernel";
import { BadStep, BadTime, type monitor, TooManyPoints } from "./contract.ts";
import { knownMetrics, storedNames } from "./known-metrics.ts";
import { type Span, seriesOf, type StoredValues } from "./series.ts";
import * as store from "./store.ts";

const minuteMs = 60_000;
/** The points of one answer, in all series together. */
export const pointsMax = 50_000;
/** A step that gives about this many points is chosen where none is named. */
const usualPoints = 300;

type MetricsHost = Pick<Host<store.Tables>, "db" | "now">;

/** Series of the stored metrics. */
export function createMetrics({ db, now }: MetricsHost): Pick<Handlers<typeof monitor>, "metrics"> {
  /** By minutes as long as they are stored; by hours where the step is some, save for those that are not rolled up. */
  async function valuesOf(names: readonly string[], { fromMs, toMs, stepMs }: Span): Promise<StoredValues[]> {
    const byMinutes = async (fromHour: number) =>
      (await store.minutes(db, names, fromHour, Math.floor(toMs / store.hourMs))).map((row) => ({
        ...row,
        distanceMs: minuteMs,
      }));
    const fromHour = Math.floor(fromMs / store.hourMs);
    if (stepMs < store.hourMs || stepMs % store.hourMs !== 0) return byMinutes(fromHour);
    const rolledUp = await store.lastRolledUp(db);
    const days = await store.hours(db, names, Math.floor(fromMs / store.dayMs), Math.floor(toMs / store.dayMs));
    const newest = await byMinutes(Math.max(fromHour, rolledUp + 1));
    return [...days.map((row) => ({ ...row, distanceMs: store.hourMs })), ...newest];
  }

  return {
    async metrics({ name: requestedNames, service, fromMs, toMs = now(), step }) {
      const span = spanOf({ fromMs: fromMs ?? toMs - store.dayMs, toMs, step }, now());
      const names = [...new Set(requestedNames)].filter((name) => Object.hasOwn(knownMetrics, name));
      const rows = await valuesOf(names.flatMap(storedNames), span);
      const items = names
        .flatMap((name) => {
          const stored = storedNames(name);
          return seriesOf(
            name,
            rows.filter((row) => stored.includes(row.name)),
            span,
          );
        })
        .filter(({ labels }) => service === undefined || labels.service === service || labels.consumer === service);
      if (items.reduce((sum, { points }) => sum + points.length, 0) > pointsMax)
        throw TooManyPoints({ max: pointsMax });
      return { items };
    },
  };
}

/** @throws BadTime, BadStep */
function spanOf(
  { fromMs, toMs, step }: { fromMs: number; toMs: number; step: number | undefined },
  nowMs: number,
): Span {
  // A day more than is stored, so that a question for 90 days may take its time.
  if (fromMs >= toMs || fromMs < nowMs - store.hoursKeptMs - store.dayMs) throw BadTime({});
  const isOld = fromMs < nowMs - store.minutesKeptMs - minuteMs;
  const unitMs = isOld ? store.hourMs : minuteMs;
  const usualMs = Math.max(1, Math.ceil((toMs - fromMs) / usualPoints / unitMs)) * unitMs;
  const stepMs = step === undefined ? Math.min(usualMs, store.dayMs) : step * 1_000;
  if (stepMs % unitMs !== 0) throw BadStep({});
  return { fromMs, toMs, stepMs };
}

/** Rolls ended hours up, and deletes what is older than it is kept. */
export const createUpkeep = ({ db, now }: MetricsHost): Schedule => ({
  name: "monitor.upkeep",
  pattern: "4 * * * *",
  async run(signal) {
    const current = Math.floor(now() / store.hourMs);
    for (let hour = await store.lastRolledUp(db); !signal.aborted; ) {
      const next = await store.nextHour(db, hour, current);
      if (next === undefined) break;
      await db.tx((tx) => store.rollUp(tx, next));
      hour = next;
    }
    await db.tx((tx) => store.forgetOld(tx, now()));
  },
});
