import type { HighlightRange } from "../api/types.ts";

interface Part {
  readonly text: string;
  readonly isMatch: boolean;
}

/** A text in parts: those within the ranges, and the rest; together they are the text. Pure. */
export function highlightParts(text: string, ranges: readonly HighlightRange[]): Part[] {
  const marks = new Uint8Array(text.length);
  for (const { from, to } of ranges) marks.fill(1, from, to);
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    while (end < text.length && marks[end] === marks[at]) end++;
    parts.push({ text: text.slice(at, end), isMatch: marks[at] === 1 });
    at = end;
  }
  return parts;
}

/** Where the words of a search are in a name: any part of it, as names are found. Pure. */
export function nameHighlights(name: string, query: string): HighlightRange[] {
  const folded = name.toLowerCase();
  // Where folding moves letters (İ), nothing is marked rather than something wrong.
  if (folded.length !== name.length) return [];
  const ranges: HighlightRange[] = [];
  for (const word of query.toLowerCase().match(/[^\s@#"]+/g) ?? [])
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
      ranges.push({ from: at, to: at + word.length });
  return ranges;
}

/** Units of a text that one line has room for, and those of them before its first mark where the text begins later. */
const lineMin = 40;
const leadMax = 24;

interface Excerpt {
  readonly text: string;
  readonly ranges: readonly HighlightRange[];
}

/** A text from a little before its first mark on, where one line of it would end before that mark. Pure. */
export function excerptOf(text: string, ranges: readonly HighlightRange[]): Excerpt {
  const first = ranges[0]?.from ?? 0;
  if (first <= lineMin) return { text, ranges };
  const lead = text.slice(first - leadMax, first);
  // After a blank, or where there is none, between two characters.
  const skipped = /\s+/.exec(lead) ?? /^[\p{Cs}\p{Cf}\p{M}]+/u.exec(lead);
  const start = first - leadMax + (skipped ? skipped.index + skipped[0].length : 0);
  const shift = start - "…".length;
  return {
    text: `…${text.slice(start)}`,
    ranges: ranges.map(({ from, to }) => ({ from: from - shift, to: to - shift })),
  };
}
