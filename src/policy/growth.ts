import { query } from "#kernel";
import { z } from "zod";

const dayMs = 86_400_000;
/** Days since 1970, by UTC. */
const Day = z.int().nonnegative();
const days = z.array(z.object({ day: Day, count: z.int() }));

/** A query for how many of something there are, and how many came on each day since one; days without any are left out. */
export const growth = query({
  auth: "service",
  input: z.object({ sinceDay: Day }),
  output: z.object({ total: z.int(), days }),
});
type Days = z.output<typeof days>;

/** The day of UTC an instant lies in, counted from 1970. Pure. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);
export const startOf = (day: number): number => day * dayMs;

/** The counts of a number of days up to this one, the oldest first. Pure. */
export function seriesOf(counted: Days, today: number, length: number): number[] {
  const counts = new Map(counted.map(({ day, count }) => [day, count]));
  return Array.from({ length }, (_, place) => counts.get(today - length + 1 + place) ?? 0);
}
