/**
 * Folds spellings that look alike to those who read into one: width and compatibility forms (NFKC), case, characters
 * without width, and runs of blanks. Pure; folding twice changes nothing more.
 */
export function foldSpelling(text: string): string {
  let now = text;
  // Lower case may compose characters anew, and a composed one may fold once more; three rounds settle every text.
  for (let round = 0; round < 3; round++) {
    const next = now
      .normalize("NFKC")
      .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, "")
      .toLowerCase()
      .replace(/\s+/gu, " ")
      .trim();
    if (next === now) return now;
    now = next;
  }
  return now;
}

/** Letters and digits of scripts that part words by blanks; a sign of the others may stand for a word anywhere. */
const partsWords = /[\p{L}\p{N}_]/u;
const standsAlone =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const isOfWord = (sign: string | undefined): boolean =>
  sign !== undefined && partsWords.test(sign) && !standsAlone.test(sign);

export interface BlocklistTerm<A extends string = string> {
  readonly pattern: string;
  readonly action: A;
}
interface Node<A extends string> {
  readonly next: Map<string, Node<A>>;
  readonly ends: { readonly word: BlocklistTerm<A>; readonly isOpenBefore: boolean; readonly isOpenAfter: boolean }[];
}

/** The literal text of a pattern; empty where it has none. `*` at an end stands for the rest of a word there. Pure. */
export const literalOf = (pattern: string): string => foldSpelling(pattern.replace(/^\*+|\*+$/g, ""));

/** The terms that a text contains. */
export type ContentFilter<A extends string> = (text: string) => BlocklistTerm<A>[];

/**
 * Looks for words and phrases: whole words, as parted by anything but letters and digits, or anywhere in scripts without
 * blanks. Takes time by the length of the text times that of the longest pattern at most, however many there are.
 */
export function createContentFilter<A extends string>(words: readonly BlocklistTerm<A>[]): ContentFilter<A> {
  const root: Node<A> = { next: new Map(), ends: [] };
  for (const word of words) {
    const literal = literalOf(word.pattern);
    if (literal === "") continue;
    let node = root;
    for (const sign of literal) {
      let next = node.next.get(sign);
      if (!next) node.next.set(sign, (next = { next: new Map(), ends: [] }));
      node = next;
    }
    node.ends.push({ word, isOpenBefore: word.pattern.startsWith("*"), isOpenAfter: word.pattern.endsWith("*") });
  }
  return (text) => {
    const signs = [...foldSpelling(text)];
    const matches = new Set<BlocklistTerm<A>>();
    for (let from = 0; from < signs.length; from++) {
      let node: Node<A> | undefined = root;
      const isInside = isOfWord(signs[from]) && isOfWord(signs[from - 1]);
      for (let at = from; node && at < signs.length; at++) {
        node = node.next.get(signs[at] ?? "");
        if (!node?.ends.length) continue;
        const goesOn = isOfWord(signs[at]) && isOfWord(signs[at + 1]);
        for (const { word, isOpenBefore, isOpenAfter } of node.ends)
          if ((!isInside || isOpenBefore) && (!goesOn || isOpenAfter)) matches.add(word);
      }
    }
    return [...matches];
  };
}

/** True if a text has a web address in it, however it is written. Pure, and linear. */
export const hasLink = (text: string): boolean =>
  /https?:\/\/|\bwww\.|\b[\p{L}\p{N}-]{1,63}\.(?:com|net|org|info|biz|xyz|top|site|online|shop|club|vip|icu|io|me|cc|cn|ru|tk|link|live|app|dev|co|gg)\b/u.test(
    foldSpelling(text),
  );
