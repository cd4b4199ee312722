import { characterClass, letter } from "./characters.ts";
import { fold } from "./fold.ts";

/** Pairs of adjacent characters of a name, with the space before and behind each of its words. */
export interface NameToken {
  readonly term: string;
  readonly position: number;
}

/** Characters of a name that are read. */
const charactersMax = 256;
/** Words of a query; more would narrow it no further. */
const wordsMax = 8;
const wordCharactersMax = 64;

/**
 * The pairs of a name, by which any part of it is found, and each sign or character of a script without spaces by itself.
 * Several names stand on a line each. Pure.
 */
export function nameTokens(names: string): NameToken[] {
  const words = wordsOf(names.slice(0, charactersMax));
  const characters = [...words.map((word) => ` ${word} `).join("")];
  return characters.flatMap((character, position) => {
    const next = characters[position + 1];
    const isSingle = character !== " " && !isLetter(character);
    const isPair = next !== undefined && !(character === " " && next === " ");
    return [
      ...(isSingle ? [{ term: character, position }] : []),
      ...(isPair ? [{ term: character + next, position }] : []),
    ];
  });
}

/** The pairs of a word of a query, without spaces and with them. */
export interface NameWord {
  /** Anywhere in a name; empty for a single letter, which is in too many. */
  readonly within: readonly NameToken[];
  /** As the beginning of a word, and as all of it. */
  readonly start: readonly NameToken[];
  readonly whole: readonly NameToken[];
}

/** The words of a query for names, which may be written as `@name` or `#name`. Pure. */
export const nameWords = (query: string): NameWord[] =>
  nameQueryWords(query).map((word) => {
    const characters = [...word];
    const pairs = characters.slice(1).map((next, n) => ({ term: (characters[n] ?? "") + next, position: n }));
    const [first = ""] = characters;
    const start = [{ term: ` ${first}`, position: -1 }, ...pairs];
    const alone = isLetter(first) ? [] : [{ term: first, position: 0 }];
    return {
      within: pairs.length > 0 ? pairs : alone,
      start,
      whole: [...start, { term: `${characters.at(-1) ?? ""} `, position: characters.length - 1 }],
    };
  });

/** The folded words of a query for names. Pure. */
export const nameQueryWords = (query: string): string[] =>
  wordsOf(query.slice(0, charactersMax))
    .map((word) => (word.length > 1 ? word.replace(/^[@#]/, "") : word))
    .slice(0, wordsMax)
    .map((word) => [...word].slice(0, wordCharactersMax).join(""));

const wordsOf = (text: string): string[] =>
  fold(text)
    .text.split(/\s+/u)
    .filter((word) => word !== "");

export const isLetter = (character: string): boolean => characterClass(character.codePointAt(0) ?? 0) === letter;
