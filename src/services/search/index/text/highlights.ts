import { parse } from "../query/parser.ts";
import { type Occurrence, occurrencesOf, type Sought, soughtBy } from "./occurrences.ts";

/** Offsets in a text, in UTF-16 units: from the first up to, not including, the second. */
export type Stretch = readonly [from: number, to: number];

/** What a query found in a text, also by stem, beginning or typing error; in order, none touches another. Pure. */
export const highlights = (text: string, query: string | Sought): Stretch[] =>
  joined(occurrencesOf(text, typeof query === "string" ? soughtBy(parse(query)) : query));

/** Occurrences that overlap or touch become one stretch. */
export function joined(occurrences: readonly Occurrence[]): Stretch[] {
  const stretches: [number, number][] = [];
  for (const { from, to } of occurrences) {
    const last = stretches.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  return stretches;
}
