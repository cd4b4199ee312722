import type { Effort } from "./effort.ts";
import { fieldNames } from "../document.ts";
import type { Segment } from "../segment/segment.ts";
import type { ScoreSettings } from "../settings.ts";
import { arena } from "./arena.ts";
import type { Phrase } from "./parser.ts";
import { phraseMatches } from "./phrase.ts";
import type { Statistics } from "./statistics.ts";

/** One of the ways a concept stands in a text. */
export interface Part {
  readonly phrase: Phrase;
  readonly weight: number;
  /** Bounds what a phrase costs; without it, it is walked to its end. */
  readonly effort?: Effort;
}

/** The live documents of a segment with a concept, and how often they have it: weighted by field, part and length. */
export interface Matches {
  readonly documents: Int32Array;
  readonly frequencies: Float64Array;
}

/** BM25F (Robertson and Zaragoza, *The Probabilistic Relevance Framework*, 2009, §3.6) without its saturation. */
export interface Weighting {
  readonly b: number;
  readonly weights: Float64Array;
  /** By field: what each word of a text adds to the divisor of its frequencies. */
  readonly shares: Float64Array;
  /** One byte for each kind: 1 for those that are searched. */
  readonly kinds: Uint8Array;
}

export function weightingOf(
  { b, weights }: ScoreSettings,
  { meanLengths }: Statistics,
  kinds: readonly number[] | undefined,
): Weighting {
  const isAsked = new Uint8Array(256).fill(kinds === undefined ? 1 : 0);
  for (const kind of kinds ?? []) isAsked[kind] = 1;
  return {
    b,
    weights: Float64Array.from(fieldNames, (name) => weights[name]),
    shares: Float64Array.from(fieldNames, (_, field) => b / (meanLengths[field] ?? 1)),
    kinds: isAsked,
  };
}

/** Sums of a concept's parts by document, taken again for each concept. */
interface Sums {
  readonly frequencies: Float64Array;
  readonly documents: Int32Array;
  count: number;
}

function sumsOf(segment: Segment): Sums {
  const existing = segment.memo.get("sums") as Sums | undefined; // Set here alone.
  const sums = existing ?? {
    frequencies: new Float64Array(segment.size),
    documents: new Int32Array(segment.size),
    count: 0,
  };
  segment.memo.set("sums", sums);
  return sums;
}

export function matchesOf(segment: Segment, parts: readonly Part[], weighting: Weighting): Matches {
  const sums = sumsOf(segment);
  sums.count = 0;
  for (const { phrase, weight, effort } of parts) {
    if (weight === 0) continue;
    const [first] = phrase.terms;
    if (phrase.terms.length === 1 && first) addTerm(segment, first.term, weight, weighting, sums);
    else
      phraseMatches(
        segment,
        phrase,
        (document, counts) => {
          if (weighting.kinds[segment.arrays.kinds[document] ?? 0] === 0) return;
          let frequency = 0;
          for (const [field, count] of counts) frequency += count * fieldFactor(segment, document, field, weighting);
          addTo(sums, document, weight * frequency);
        },
        effort,
      );
  }
  const documents = arena.ints(sums.count);
  const frequencies = arena.floats(sums.count);
  for (let n = 0; n < sums.count; n++) {
    const document = sums.documents[n] ?? 0;
    documents[n] = document;
    frequencies[n] = sums.frequencies[document] ?? 0;
    sums.frequencies[document] = 0;
  }
  return { documents, frequencies };
}

function addTo(sums: Sums, document: number, frequency: number): void {
  if (frequency === 0) return;
  const before = sums.frequencies[document] ?? 0;
  if (before === 0) sums.documents[sums.count++] = document;
  sums.frequencies[document] = before + frequency;
}

function fieldFactor(segment: Segment, document: number, field: number, { b, weights, shares }: Weighting): number {
  const length = segment.arrays.lengths[field * segment.size + document] ?? 0;
  return (weights[field] ?? 0) / (1 - b + length * (shares[field] ?? 0));
}

/** The inner loop of a search: reads postings as `PostingsReader` does, without an object between. */
function addTerm(segment: Segment, term: string, weight: number, weighting: Weighting, sums: Sums): void {
  const { arrays, deleted, size } = segment;
  const number = arrays.dictionary.find(term);
  if (number < 0) return;
  const { lengths, kinds, postings: bytes } = arrays;
  const { b, weights, shares, kinds: isAsked } = weighting;
  const { frequencies, documents } = sums;
  const end = arrays.postingStarts[number + 1] ?? 0;
  let at = arrays.postingStarts[number] ?? 0;
  let document = -1;
  let count = sums.count;
  while (at < end) {
    let byte = bytes[at++] ?? 0;
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    document += value;
    let frequency = 0;
    do {
      byte = bytes[at++] ?? 0;
      value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = bytes[at++] ?? 0;
        value |= (byte & 0x7f) << shift;
      }
      const field = (value >>> 1) & 15;
      const length = lengths[field * size + document] ?? 0;
      frequency += (((value >>> 5) + 1) * (weights[field] ?? 0)) / (1 - b + length * (shares[field] ?? 0));
    } while ((value & 1) === 1);
    // A field or a part with the weight 0 finds nothing.
    if (deleted[document] === 1 || isAsked[kinds[document] ?? 0] === 0 || frequency === 0) continue;
    const before = frequencies[document] ?? 0;
    if (before === 0) documents[count++] = document;
    frequencies[document] = before + weight * frequency;
  }
  sums.count = count;
}
