import type { TermKind } from "../analysis/analyser.ts";

/* Terms of all kinds share one dictionary. A control character, which is in no word, marks the kind. */
const marks = { word: "", surface: "\u0001", gram: "\u0002", keyword: "\u0003", scope: "\u0004" } as const;

/** A term as it stands in the dictionary. */
export const termOf = (kind: TermKind, text: string): string => marks[kind] + text;
export const keywordTerm = (name: string, value: string): string => `${marks.keyword}${name}\u0000${value}`;

/**
 * A term of the documents of one scope, which no other query walks past. The scope, an integer below 2^53, is four units of
 * 14 bits, none of which is a control character or a surrogate.
 */
export function scopedTerm(scope: number, term: string): string {
  const parts = [scope / 2 ** 42, scope / 2 ** 28, scope / 2 ** 14, scope];
  return marks.scope + String.fromCharCode(...parts.map((part) => 0x100 + (Math.floor(part) % 2 ** 14))) + term;
}

/** Surface words and keywords are in no phrase. */
export const hasPositions = (term: string): boolean => {
  const [mark] = term;
  return mark !== marks.surface && mark !== marks.keyword;
};
