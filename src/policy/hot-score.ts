import { startOf } from "./growth.ts";
import { type RawBuilder, sql } from "kysely";

/*
 * How much is going on around something: each fact weighs half as much a day later. A fact of weight w at time t counts
 * w · 2^((t - L) / H) from a landmark L on (forward decay: Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay", ICDE
 * 2009, §3), so that time alone changes no order and nothing is recomputed. Kept is the logarithm to base 2 of the sum, in
 * units of 1e-9: a whole number that is in no danger of overflow and can be part of a cursor.
 */

const halfLifeMs = 24 * 3_600_000;
const landmarkMs = Date.UTC(2026, 0, 1);
const unit = 1e9;
/** Beyond this many halvings the smaller of two sums does not show in the greater. */
const halvingsMax = 60;
/** Nothing ever happened. */
export const noScore = -1_000_000 * unit;

/** The hot score of one fact, in its stored form. */
export const hotScoreOf = (weight: number, atMs: number): number =>
  Math.round((Math.log2(weight) + (atMs - landmarkMs) / halfLifeMs) * unit);

/**
 * The hot score of facts of past days, in its stored form: each day weighs what is left of it on the latest one. Days are
 * counted from 1970, by UTC.
 */
export function hotScoreOfDays(days: readonly { readonly day: number; readonly weight: number }[]): number {
  const latest = days.reduce((max, { day }) => Math.max(max, day), 0);
  const sum = days.reduce((total, { day, weight }) => total + weight / 2 ** (latest - day), 0);
  return sum === 0 ? noScore : hotScoreOf(sum, startOf(latest));
}

/**
 * The value of a stored hot score by now: the sum of the weights, halved for every day that passed; to two decimals.
 */
export const valueOf = (hotScore: number, nowMs: number): number =>
  Math.round(2 ** (hotScore / unit - (nowMs - landmarkMs) / halfLifeMs) * 100) / 100;

type Score = RawBuilder<unknown>;

/** Both together. */
export const addScores = (a: Score, b: Score): RawBuilder<number> => {
  const apart = sql`(abs(${a} - ${b})::float8 / ${sql.lit(unit)})`;
  return sql<number>`(greatest(${a}, ${b}) + CASE WHEN ${apart} > ${sql.lit(halvingsMax)} THEN 0
    ELSE round(ln(1 + power(2::float8, -${apart})) / ln(2::float8) * ${sql.lit(unit)})::bigint END)`;
};

/** The first without the second, which is part of it. */
export const subtractScore = (a: Score, b: Score): RawBuilder<number> => {
  const above = sql`((${a} - ${b})::float8 / ${sql.lit(unit)})`;
  return sql<number>`(CASE WHEN ${above} > ${sql.lit(halvingsMax)} THEN ${a} WHEN ${above} < 1e-7 THEN ${sql.lit(noScore)}
    ELSE ${a} + round(ln(1 - power(2::float8, -${above})) / ln(2::float8) * ${sql.lit(unit)})::bigint END)`;
};
