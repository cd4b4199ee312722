import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import { distance } from "./distance.ts";

/** Shorter words have too many neighbours, longer ones are no words. */
const [lettersMin, lettersMax] = [3, 24];
export const typoLettersMin = 4;
/** From this length on two typing errors are tolerated. */
export const secondTypoLettersMin = 8;
/** A scan for two errors looks at this many words of a segment. */
const scanMax = 20_000;

/**
 * The words of a segment by what is left of them without one letter (a deletion neighbourhood, as in SymSpell): words one
 * change apart share one of these. Buckets hold the numbers of terms; what a bucket yields is compared letter by letter.
 */
interface Neighbourhood {
  readonly starts: Uint32Array;
  readonly terms: Uint32Array;
}

function neighbourhoodOf({ arrays: { dictionary } }: Segment): Neighbourhood {
  const [from, to] = dictionary.range(surfaceMark);
  const lengths = Array.from({ length: to - from }, (_, n) => dictionary.length(from + n) - 1);
  const entries = lengths.reduce((sum, length) => sum + (isSpelled(length) ? length + 1 : 0), 0);
  const bits = Math.max(4, Math.ceil(Math.log2(entries + 1)));
  const hashes = new Uint32Array(entries);
  const owners = new Uint32Array(entries);
  const starts = new Uint32Array(2 ** bits + 1);
  let count = 0;
  for (let term = from; term < to; term++) {
    if (!isSpelled(dictionary.length(term) - 1)) continue;
    const word = dictionary.term(term).slice(1);
    for (let without = -1; without < word.length; without++) {
      const bucket = hashWithout(word, without) >>> (32 - bits);
      hashes[count] = bucket;
      owners[count++] = term;
      starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
    }
  }
  for (let n = 1; n < starts.length; n++) starts[n] = (starts[n] ?? 0) + (starts[n - 1] ?? 0);
  const next = starts.slice();
  const terms = new Uint32Array(entries);
  for (let n = 0; n < entries; n++) {
    const bucket = hashes[n] ?? 0;
    const at = next[bucket] ?? 0;
    next[bucket] = at + 1;
    terms[at] = owners[n] ?? 0;
  }
  return { starts, terms };
}

const surfaceMark = termOf("surface", "");
const isSpelled = (length: number): boolean => length >= lettersMin && length <= lettersMax;

/** FNV-1a of a word without one of its letters; of all of it for -1. */
function hashWithout(word: string, without: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) if (at !== without) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  // Its high bits choose the bucket, and multiplication mixes upwards alone.
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

/** Words of a segment one change away. */
export function nearest(segment: Segment, word: string): string[] {
  if (word.length < typoLettersMin || word.length > lettersMax) return [];
  const existing = segment.memo.get("neighbourhood") as Neighbourhood | undefined; // Set here alone.
  const neighbourhood = existing ?? neighbourhoodOf(segment);
  if (!existing) segment.memo.set("neighbourhood", neighbourhood);
  const { starts, terms } = neighbourhood;
  const bits = Math.log2(starts.length - 1);
  const candidates = new Set<number>();
  for (let without = -1; without < word.length; without++) {
    const bucket = hashWithout(word, without) >>> (32 - bits);
    for (let at = starts[bucket] ?? 0; at < (starts[bucket + 1] ?? 0); at++) candidates.add(terms[at] ?? 0);
  }
  return [...candidates].flatMap((term) => {
    const candidate = segment.arrays.dictionary.term(term).slice(1);
    return distance(word, candidate, 1) === 1 ? [candidate] : [];
  });
}

/** Words two changes away from a long one, with the same first letter, as few typing errors are in it. */
export function farther(segment: Segment, word: string): string[] {
  if (word.length < secondTypoLettersMin || word.length > lettersMax) return [];
  const { dictionary } = segment.arrays;
  const [from, to] = dictionary.range(surfaceMark + word.slice(0, 1));
  const words: string[] = [];
  for (let term = from; term < Math.min(to, from + scanMax); term++) {
    if (Math.abs(dictionary.length(term) - 1 - word.length) > 2) continue;
    const candidate = dictionary.term(term).slice(1);
    if (distance(word, candidate, 2) === 2) words.push(candidate);
  }
  return words;
}
