import type { Effort } from "./effort.ts";
import { PostingsReader } from "../segment/postings.ts";
import type { Segment } from "../segment/segment.ts";
import type { Phrase } from "./parser.ts";

/** A document with a phrase: how often each of its fields has it. */
export type OnPhrase = (document: number, fields: ReadonlyMap<number, number>) => void;

/** Walks the postings of all terms of a phrase side by side. */
export function phraseMatches(segment: Segment, { terms }: Phrase, report: OnPhrase, effort?: Effort): void {
  const readers = terms.map(({ term, at }) => ({ number: segment.arrays.dictionary.find(term), at }));
  if (readers.length === 0 || readers.some(({ number }) => number < 0)) return;
  const frequency = (number: number) => segment.arrays.documentFrequencies[number] ?? 0;
  const [rarest, ...otherTerms] = readers
    .toSorted((a, b) => frequency(a.number) - frequency(b.number))
    .map(({ number, at }) => ({ reader: new PostingsReader(segment.arrays, number), at }));
  if (!rarest) return;
  const placesOf = (reader: PostingsReader): number[] => {
    const places = reader.readPositions();
    if (effort) effort.left -= places.length;
    return places;
  };
  while (rarest.reader.next()) {
    if (effort && effort.left <= 0) return;
    const { document } = rarest.reader;
    let isEverywhere = true;
    for (const { reader } of otherTerms) {
      while (reader.document < document) if (!reader.next()) return;
      if (reader.document !== document) {
        isEverywhere = false;
        break;
      }
    }
    if (!isEverywhere || !segment.isLive(document)) continue;
    let begins = placesOf(rarest.reader).map((place) => place - rarest.at);
    for (const { reader, at } of otherTerms) {
      if (begins.length === 0) break;
      const places = new Set(placesOf(reader));
      begins = begins.filter((begin) => places.has(begin + at));
    }
    if (begins.length > 0) report(document, countsByField(begins));
  }
}

function countsByField(places: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  // Positions of fields begin at multiples of 2^20.
  for (const place of places) counts.set(place >>> 20, (counts.get(place >>> 20) ?? 0) + 1);
  return counts;
}
