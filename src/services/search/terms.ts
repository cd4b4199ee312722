import { nameKey } from "#kernel/text";

/** A word longer than that is found by its beginning. */
const wordLettersMax = 40;
/** What a search asks for; the rest of a longer one adds nothing. */
const needlesMax = 12;

/** Scripts without spaces between words, whose characters are looked for in pairs. */
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

/** What a text is found by, each once: its words with their ends, and every two adjacent characters where there are no words. Pure. */
export const termsOf = (text: string): string[] => [
  ...new Set(runsIn(text).flatMap(({ kind, text: run }) => (kind === "word" ? endsOf(run) : pairsOf([...run])))),
];

/** What a name is found by: every two adjacent characters of it, and the last one. Pure. */
export const gramsOf = (name: string): string[] => [...new Set(pairsOf([...nameKey(name)]))];

/** What is looked for: a term as it is, one that begins so, or one that has it anywhere. */
export interface Needle {
  readonly term: string;
  readonly as: "whole" | "start" | "part";
}

/** What a search asks of a text: words by any part, pairs as they are. Nothing where there is nothing to find by. Pure. */
export function needlesOf(asked: string): Needle[] {
  const needles = runsIn(asked).flatMap(({ kind, text }): Needle[] => {
    const letters = [...text];
    if (kind === "word") return [{ term: text, as: letters.length < withinMin ? "start" : "part" }];
    if (letters.length === 1) return [{ term: text, as: "start" }];
    return pairsOf(letters)
      .slice(0, -1)
      .map((term) => ({ term, as: "whole" }));
  });
  return [...new Map(needles.map((one) => [`${one.as} ${one.term}`, one])).values()].slice(0, needlesMax);
}

/** What a search asks of a name. Pure. */
export function nameNeedlesOf(asked: string): Needle[] {
  const letters = [...nameOf(asked)];
  if (letters.length < 2) return letters.map((term) => ({ term, as: "start" }));
  const pairs = new Set(pairsOf(letters).slice(0, -1));
  return [...pairs].slice(0, needlesMax).map((term) => ({ term, as: "whole" }));
}

/** The part of a name somebody looks for: it may be written with an at sign. Pure. */
export const nameOf = (asked: string): string => nameKey(asked).trim().replace(/^@/, "");

/** Needles in PostgreSQL's notation: all of them. Pure. */
export const tsqueryOf = (needles: readonly Needle[]): string =>
  needles
    .map(({ term, as }) => {
      if (as === "whole") return quoted(term);
      return as === "start" ? `${quoted(term)}:*` : `(${quoted(term)}:* | ${quoted(ending + term)}:*)`;
    })
    .join(" & ");

const quoted = (term: string): string => `'${term.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
