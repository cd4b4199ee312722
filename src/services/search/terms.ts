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

/** What a text is found by, each once: its words, and every two adjacent characters where there are no words. Pure. */
export const termsOf = (text: string): string[] => [
  ...new Set(runsIn(text).flatMap(({ kind, text: run }) => (kind === "word" ? [run] : pairsOf([...run])))),
];

/** What a name is found by: every two adjacent characters of it, and the last one. Pure. */
export const gramsOf = (name: string): string[] => [...new Set(pairsOf([...nameKey(name)]))];

/** A term that is looked for, or one that only begins like it. */
export interface Needle {
  readonly term: string;
  readonly isPrefix: boolean;
}

/** What a search asks of a text: words by their beginning, pairs as they are. Nothing where there is nothing to find by. Pure. */
export function needlesOf(asked: string): Needle[] {
  const needles = runsIn(asked).flatMap(({ kind, text }): Needle[] => {
    if (kind === "word") return [{ term: text, isPrefix: true }];
    const letters = [...text];
    if (letters.length === 1) return [{ term: text, isPrefix: true }];
    return pairsOf(letters)
      .slice(0, -1)
      .map((term) => ({ term, isPrefix: false }));
  });
  return [...new Map(needles.map((one) => [`${one.isPrefix}${one.term}`, one])).values()].slice(0, needlesMax);
}

/** What a search asks of a name. Pure. */
export function nameNeedlesOf(asked: string): Needle[] {
  const letters = [...nameOf(asked)];
  if (letters.length < 2) return letters.map((term) => ({ term, isPrefix: true }));
  const pairs = new Set(pairsOf(letters).slice(0, -1));
  return [...pairs].slice(0, needlesMax).map((term) => ({ term, isPrefix: false }));
}

/** The part of a name somebody looks for: it may be written with an at sign. Pure. */
export const nameOf = (asked: string): string => nameKey(asked).trim().replace(/^@/, "");

/** Needles in PostgreSQL's notation: all of them. Pure. */
export const tsqueryOf = (needles: readonly Needle[]): string =>
  needles
    .map(({ term, isPrefix }) => `'${term.replaceAll("\\", "\\\\").replaceAll("'", "''")}'${isPrefix ? ":*" : ""}`)
    .join(" & ");
