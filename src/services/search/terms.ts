import { nameKey } from "#kernel/text";

/** A word longer than that is found by its beginning. */
const wordLettersMax = 40;
/** Terms of a query; more would narrow it no further. */
const needlesMax = 12;

/** Scripts without spaces between words, which are indexed by pairs of characters. */
const paired = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}ー々〆〇`;
const runs = new RegExp(
  String.raw`(?<pairs>[${paired}]+)|(?<word>(?:(?![${paired}])[\p{L}\p{M}\p{N}])+)|(?<sign>\p{Extended_Pictographic})`,
  "gu",
);

interface Run {
  readonly kind: "pairs" | "word";
  readonly text: string;
}
const runsIn = (text: string): Run[] =>
  [...nameKey(text).matchAll(runs)].map(({ groups: { pairs, word, sign } = {} }) =>
    pairs === undefined ? { kind: "word", text: cut(word ?? sign ?? "") } : { kind: "pairs", text: pairs },
  );
const cut = (word: string): string => [...word].slice(0, wordLettersMax).join("");

/** Every two adjacent characters, and the last one alone, so that each single one begins a term. */
const pairsOf = (letters: readonly string[]): string[] =>
  letters.map((letter, place) => letter + (letters[place + 1] ?? ""));

/** Letters a word is found by from within: fewer are in too many words. */
const withinMin = 3;
/** Stands before what only ends a word, and in no word. */
const ending = "~";
/** A word, and its ends: what begins like one of them is within the word. */
function endsOf(word: string): string[] {
  const letters = [...word];
  const places = Array.from({ length: Math.max(0, letters.length - withinMin) }, (_, n) => n + 1);
  return [word, ...places.map((place) => ending + letters.slice(place).join(""))];
}

/** The terms of a text, each once: its words with their ends, and pairs of adjacent characters in scripts without words. Pure. */
export const termsOf = (text: string): string[] => [
  ...new Set(runsIn(text).flatMap(({ kind, text: run }) => (kind === "word" ? endsOf(run) : pairsOf([...run])))),
];

/** The terms of a name: every two adjacent characters, and the last one. Pure. */
export const gramsOf = (name: string): string[] => [...new Set(pairsOf([...nameKey(name)]))];

/** A term of a query: a whole term, the start of one, or a part of one. */
export interface Needle {
  readonly term: string;
  readonly as: "whole" | "start" | "part";
}

/** The terms of a query for texts: words by any part, pairs as they are; empty where there is nothing to search by. Pure. */
export function needlesOf(keyword: string): Needle[] {
  const needles = runsIn(keyword).flatMap(({ kind, text }): Needle[] => {
    const letters = [...text];
    if (kind === "word") return [{ term: text, as: letters.length < withinMin ? "start" : "part" }];
    if (letters.length === 1) return [{ term: text, as: "start" }];
    return pairsOf(letters)
      .slice(0, -1)
      .map((term) => ({ term, as: "whole" }));
  });
  return [...new Map(needles.map((one) => [`${one.as} ${one.term}`, one])).values()].slice(0, needlesMax);
}

/** The terms of a query for names. Pure. */
export function nameNeedlesOf(keyword: string): Needle[] {
  const letters = [...nameOf(keyword)];
  if (letters.length < 2) return letters.map((term) => ({ term, as: "start" }));
  const pairs = new Set(pairsOf(letters).slice(0, -1));
  return [...pairs].slice(0, needlesMax).map((term) => ({ term, as: "whole" }));
}

/** The name in a query, which may be written with an at sign. Pure. */
export const nameOf = (query: string): string => nameKey(query).trim().replace(/^@/, "");

/** Needles in PostgreSQL's notation: all of them. Pure. */
export const tsqueryOf = (needles: readonly Needle[]): string =>
  needles
    .map(({ term, as }) => {
      if (as === "whole") return quoted(term);
      return as === "start" ? `${quoted(term)}:*` : `(${quoted(term)}:* | ${quoted(ending + term)}:*)`;
    })
    .join(" & ");

const quoted = (term: string): string => `'${term.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
