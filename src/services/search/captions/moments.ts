import { fold } from "../index/analysis/fold.ts";
import { type Concept, parse } from "../index/query/parser.ts";
import { occurrencesOf, soughtBy } from "../index/text/occurrences.ts";
import { joinOccurrences, type Stretch } from "../index/text/highlights.ts";

/** A caption in which words of a query are. */
export interface Moment {
  readonly startMs: number;
  readonly language: string;
  readonly text: string;
  readonly ranges: readonly Stretch[];
}

interface Track {
  readonly language: string;
  readonly startsMs: readonly number[];
  readonly texts: readonly string[];
}

/** Letters by whose absence a caption is passed over unread. */
const beginningMax = 4;
/** A longer text is not read to its end. */
const textMax = 500;

/**
 * The captions that have words of a query: those with the most different words first, the earlier ones among equals, one
 * for each time.
 */
export function momentsOf(tracks: readonly Track[], query: string, limit: number): { best: Moment[]; total: number } {
  const concepts = parse(query).filter(({ isRequired }) => isRequired);
  const sought = soughtBy(concepts);
  const beginnings = concepts.map(beginningOf);
  const candidates: (Moment & { readonly words: number })[] = [];
  const seen = new Set<number>();
  for (const { language, startsMs, texts } of tracks)
    for (const [n, whole] of texts.entries()) {
      const text = whole.slice(0, textMax);
      const startMs = startsMs[n] ?? 0;
      const folded = fold(text).text;
      if (seen.has(startMs) || !beginnings.some((beginning) => folded.includes(beginning))) continue;
      const occurrences = occurrencesOf(text, sought);
      if (occurrences.length === 0) continue;
      seen.add(startMs);
      const words = new Set(occurrences.map(({ concept }) => concept)).size;
      candidates.push({ startMs, language, text, ranges: joinOccurrences(occurrences), words });
    }
  const best = candidates.toSorted((a, b) => b.words - a.words || a.startMs - b.startMs).slice(0, limit);
  return { best: best.map(({ words: _, ...moment }) => moment), total: candidates.length };
}

/** The letters that every text with a concept contains; for a phrase, the letters of its first term. */
function beginningOf({ word, exact }: Concept): string {
  const [first] = exact.terms;
  const text = word === "" ? (first?.term ?? "") : word;
  // Terms of some kinds bear a mark, and hashtags their sign.
  const [letters = ""] = /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}]+/u.exec(text) ?? [];
  return [...letters].slice(0, /^[\p{Script=Han}]/u.test(letters) ? 1 : beginningMax).join("");
}
