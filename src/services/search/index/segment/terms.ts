import type { TermKind } from "../analysis/analyser.ts";

/* Terms of all kinds share one dictionary. A control character, which is in no word, marks the kind. */
const marks = { word: "", surface: "\u0001", gram: "\u0002", keyword: "\u0003" } as const;

/** A term as it stands in the dictionary. */
export const termOf = (kind: TermKind, text: string): string => marks[kind] + text;
export const keywordTerm = (name: string, value: string): string => `${marks.keyword}${name}\u0000${value}`;

/** Surface words and keywords are in no phrase. */
export const hasPositions = (term: string): boolean => {
  const [mark] = term;
  return mark !== marks.surface && mark !== marks.keyword;
};
