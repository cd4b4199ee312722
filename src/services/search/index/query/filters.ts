import { PostingsReader } from "../segment/postings.ts";
import type { Segment } from "../segment/segment.ts";
import { keywordTerm } from "../segment/terms.ts";
import type { Filter } from "./query.ts";

export type Accepts = (document: number) => boolean;

/** A test for documents of a segment that meet all conditions; undefined without conditions. */
export function filterOf(segment: Segment, filter: Filter = {}): Accepts | undefined {
  const { columns } = segment.arrays;
  const conditions: Accepts[] = [];
  for (const [name, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }] of entries(filter.ranges)) {
    const column = columns.get(name);
    if (!column) return () => false;
    // Not a number is in no range.
    conditions.push((document) => {
      const value = column[document] ?? Number.NaN;
      return value >= min && value <= max;
    });
  }
  const { only } = filter;
  if (only) conditions.push((document) => only.has(segment.arrays.ids[document] ?? 0));
  for (const [name, excluded] of entries(filter.except)) {
    const column = columns.get(name);
    if (column && excluded.size > 0) conditions.push((document) => !excluded.has(column[document] ?? Number.NaN));
  }
  for (const [name, values] of entries(filter.keywords)) {
    const isIn = documentsWith(segment, name, values);
    conditions.push((document) => isIn[document] === 1);
  }
  const [first, second] = conditions;
  if (!first || !second) return first;
  return (document) => conditions.every((accepts) => accepts(document));
}

const entries = <T>(record: Readonly<Record<string, T>> | undefined): [string, T][] => Object.entries(record ?? {});

function documentsWith(segment: Segment, name: string, values: readonly string[]): Uint8Array {
  const isIn = new Uint8Array(segment.size);
  for (const value of values) {
    const term = segment.arrays.dictionary.find(keywordTerm(name, value));
    if (term < 0) continue;
    const reader = new PostingsReader(segment.arrays, term);
    while (reader.next()) isIn[reader.document] = 1;
  }
  return isIn;
}
