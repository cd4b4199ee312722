import type { HighlightRange } from "#base/api/types.ts";

interface Part {
  readonly text: string;
  readonly isMatch: boolean;
  /** A match that is merely spelled like a word of the search. */
  readonly isNear: boolean;
}

const [mark, nearMark] = [1, 2];

/** A text in parts: those within the ranges, and the rest; together they are the text. Pure. */
export function highlightParts(text: string, ranges: readonly HighlightRange[]): Part[] {
  const marks = new Uint8Array(text.length);
  for (const { from, to, is_near: isNear = false } of ranges) marks.fill(isNear ? nearMark : mark, from, to);
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    while (end < text.length && marks[end] === marks[at]) end++;
    parts.push({ text: text.slice(at, end), isMatch: marks[at] !== 0, isNear: marks[at] === nearMark });
    at = end;
  }
  return parts;
}

/** Letters of scripts with spaces between words: a single one finds a name only at the beginning of a word. */
const singleLetter = /^[\p{Lu}\p{Ll}\p{N}]$/u;
const beginsWord = (text: string, at: number): boolean => !/[\p{L}\p{M}\p{N}]$/u.test(text.slice(0, at));

/** The words of a search in a name: any part of it, as names are found. Pure. */
export function nameHighlights(name: string, query: string): HighlightRange[] {
  const folded = name.toLowerCase();
  // Folding may move letters (İ): then nothing is marked rather than something wrong.
  if (folded.length !== name.length) return [];
  const ranges: HighlightRange[] = [];
  for (const word of query.toLowerCase().match(/[^\s@#"]+/g) ?? [])
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
      if (!singleLetter.test(word) || beginsWord(folded, at)) ranges.push({ from: at, to: at + word.length });
  return ranges;
}

/** The room for a text in one line, in its units. */
interface Room {
  /** A mark within these is in sight. */
  readonly line: number;
  /** The most characters before the first mark of a text that begins later. */
  readonly lead: number;
}
const wholeLine: Room = { line: 40, lead: 24 };
/** Beside a time, on a phone. */
export const shortLine: Room = { line: 16, lead: 10 };

interface Excerpt {
  readonly text: string;
  readonly ranges: readonly HighlightRange[];
}

/** A text from a little before its first mark on, where one line of it would end before that mark. Pure. */
export function excerptOf(text: string, ranges: readonly HighlightRange[], room = wholeLine): Excerpt {
  const first = ranges[0]?.from ?? 0;
  if (first <= room.line) return { text, ranges };
  const lead = text.slice(first - room.lead, first);
  // After a blank, or where there is none, between two characters.
  const skipped = /\s+/.exec(lead) ?? /^[\p{Cs}\p{Cf}\p{M}]+/u.exec(lead);
  const start = first - room.lead + (skipped ? skipped.index + skipped[0].length : 0);
  const shift = start - "…".length;
  return {
    text: `…${text.slice(start)}`,
    ranges: ranges.map(({ from, to, ...properties }) => ({ ...properties, from: from - shift, to: to - shift })),
  };
}
