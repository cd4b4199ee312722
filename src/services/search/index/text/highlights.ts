import { parse } from "../query/parser.ts";
import { type Occurrence, occurrencesOf, type Sought, soughtBy } from "./occurrences.ts";

/** Offsets in a text, in UTF-16 units: from the first up to, not including, the second; and where it is merely spelled alike. */
export type Stretch = readonly [from: number, to: number] | readonly [from: number, to: number, isNear: true];

/**
 * The stretches of a text that match a query, also by stem, beginning or typing error. They are in order, and none
 * touches another. Pure.
 */
export const highlights = (text: string, query: string | Sought): Stretch[] =>
  joinOccurrences(occurrencesOf(text, typeof query === "string" ? soughtBy(parse(query)) : query));

/** Occurrences that overlap or touch become one stretch. */
export function joinOccurrences(occurrences: readonly Occurrence[]): Stretch[] {
  const stretches: { from: number; to: number; isNear: boolean }[] = [];
  for (const { from, to, isNear = false } of occurrences) {
    const last = stretches.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.isNear &&= isNear;
    } else stretches.push({ from, to, isNear });
  }
  return stretches.map(({ from, to, isNear }): Stretch => (isNear ? [from, to, true] : [from, to]));
}
