import { characterClass, dense, letter, other, pictograph, unitsOf } from "./characters.ts";
import { isStopWord, stemOf } from "./english.ts";
import { fold, sourceEnd, sourceStart } from "./fold.ts";

/** How a term was derived. Terms of several kinds share the positions of a text. */
export type TermKind =
  /** The stem of a word, a word of a script without spaces, an emoji, a hashtag with its sign. */
  | "word"
  /** A word as it is written, folded: it is found by its beginning and with typing errors. */
  | "surface"
  /** One or two adjacent characters of a script without spaces. */
  | "gram";

export interface Token {
  readonly kind: TermKind;
  readonly term: string;
  /** Counts words, and characters where a script has no spaces: what follows directly is one further. */
  readonly position: number;
  /** How many positions it spans. */
  readonly span: number;
  /** Offsets in the text as it was given, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** Units of a text that are analysed: of a longer one the beginning is searched. */
export const textUnitsMax = 200_000;
/** Letters of a word; longer ones are cut, so that one made of 10,000 letters is one small term. */
const wordUnitsMax = 40;
/** Units of a run that is segmented in one piece: longer runs without any break are no sentences. */
const runUnitsMax = 2_000;
/** Pictographs that are joined to one emoji. */
const joinedMax = 8;

const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

/**
 * The terms of a text in the order of their positions; linear in its length. Pure.
 * @param grams of what is written without spaces, these alone are yielded, and no words: most of the work is theirs
 */
export function analyse(source: string, grams?: ReadonlySet<string>): Token[] {
  const tokens: Token[] = [];
  const folded = fold(source.length > textUnitsMax ? source.slice(0, textUnitsMax) : source);
  const { text } = folded;
  let position = 0;
  const add = (kind: TermKind, term: string, at: readonly [position: number, span: number], from: number, to: number) =>
    tokens.push({
      kind,
      term,
      position: at[0],
      span: at[1],
      from: sourceStart(folded, from),
      to: sourceEnd(folded, to),
    });
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const sort = characterClass(code);
    const from = at;
    if (sort === other) at += unitsOf(code);
    else if (sort === letter) {
      at = wordEnd(text, at);
      const word = wordOf(text.slice(from, at));
      if (word === "") continue;
      const hasSign = from > 0 && text[from - 1] === "#";
      add("word", stemOf(word), [position, 1], from, at);
      add("surface", word, [position, 1], from, at);
      if (hasSign) add("word", `#${word}`, [position, 1], from - 1, at);
      position++;
    } else if (sort === pictograph) {
      at = emojiEnd(text, at);
      add("word", text.slice(from, at).replaceAll(skinTones, ""), [position++, 1], from, at);
    } else {
      at = runEnd(text, at);
      if (from > 0 && text[from - 1] === "#")
        add("word", `#${text.slice(from, Math.min(at, from + wordUnitsMax))}`, [position, 1], from - 1, at);
      position = addRun(text.slice(from, at), { offset: from, position, grams }, add);
    }
  }
  return tokens;
}

const skinTones = /[\u{1f3fb}-\u{1f3ff}]/gu;

type Add = (
  kind: TermKind,
  term: string,
  at: readonly [position: number, span: number],
  from: number,
  to: number,
) => void;

interface RunPlace {
  readonly offset: number;
  readonly position: number;
  readonly grams: ReadonlySet<string> | undefined;
}

/** Words and pairs of characters of a run without spaces; yields the position behind it. */
function addRun(run: string, { offset, position, grams }: RunPlace, add: Add): number {
  const places: number[] = [];
  for (let at = 0; at < run.length; at += unitsOf(run.codePointAt(at) ?? 0)) places.push(at);
  places.push(run.length);
  const count = places.length - 1;
  if (grams && !isAnyIn(grams, run)) return position + count;
  const addGram = (n: number, span: number) => {
    const [from = 0, to = 0] = [places[n], places[n + span]];
    const gram = run.slice(from, to);
    if (grams === undefined || grams.has(gram)) add("gram", gram, [position + n, span], offset + from, offset + to);
  };
  for (let n = 0; n < count; n++) {
    addGram(n, 1);
    if (n + 1 < count) addGram(n, 2);
  }
  if (grams) return position + count;
  let n = 0;
  for (const { segment, index } of count === 1 ? [{ segment: run, index: 0 }] : segmenter.segment(run)) {
    const to = index + segment.length;
    const first = n;
    while ((places[n] ?? run.length) < to) n++;
    const term = segment.length > wordUnitsMax ? segment.slice(0, wordUnitsMax) : segment;
    add("word", term, [position + first, n - first], offset + index, offset + to);
  }
  return position + count;
}

function isAnyIn(terms: ReadonlySet<string>, run: string): boolean {
  for (const term of terms) if (run.includes(term)) return true;
  return false;
}

/** The signs after the single letter in names of languages: C++, C#. */
export const letterSigns = ["++", "#"] as const;
function signsAt(text: string, at: number): number {
  if (text.startsWith("++", at)) return 2;
  return text[at] === "#" && !isLetterAt(text, at + 1) ? 1 : 0;
}

/** The end of letters and digits; an apostrophe between letters belongs to their word, as in `don't`. */
function wordEnd(text: string, from: number): number {
  for (let at = from; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const end = at + unitsOf(code);
    if (characterClass(code) === letter || (isApostrophe(code) && at > from && isLetterAt(text, end))) at = end;
    else return at === from + 1 ? at + signsAt(text, at) : at;
  }
  return text.length;
}
const isApostrophe = (code: number): boolean => code === 0x27 || code === 0x2019;
const isLetterAt = (text: string, at: number): boolean => characterClass(text.codePointAt(at) ?? 0) === letter;

const isWritten = /[\p{L}\p{N}]/u;
/** A word without apostrophes and the English possessive; empty for marks alone. */
function wordOf(written: string): string {
  const word = /['’]/.test(written) ? written.replace(/['’]s$/, "").replaceAll(/['’]/g, "") : written;
  const short = word.length > wordUnitsMax ? word.slice(0, wordUnitsMax).replace(/[\ud800-\udbff]$/, "") : word;
  return short.charCodeAt(0) < 0x300 || isWritten.test(short) ? short : "";
}

function emojiEnd(text: string, from: number): number {
  let at = from;
  for (let joined = 0; joined < joinedMax; joined++) {
    const code = text.codePointAt(at) ?? 0;
    at += unitsOf(code);
    const isFlag = isRegional(code) && isRegional(text.codePointAt(at) ?? 0);
    if (isFlag) return at + 2;
    while (isSkinTone(text.codePointAt(at) ?? 0)) at += 2;
    const isJoined = text.charCodeAt(at) === 0x200d && characterClass(text.codePointAt(at + 1) ?? 0) === pictograph;
    if (!isJoined || joined === joinedMax - 1) return at;
    at++;
  }
  return at;
}
const isRegional = (code: number): boolean => code >= 0x1f1e6 && code < 0x1f200;
const isSkinTone = (code: number): boolean => code >= 0x1f3fb && code < 0x1f400;

function runEnd(text: string, from: number): number {
  const max = Math.min(text.length, from + runUnitsMax);
  let at = from;
  while (at < max) {
    const code = text.codePointAt(at) ?? 0;
    if (characterClass(code) !== dense) break;
    at += unitsOf(code);
  }
  return at;
}

/** True if a token counts towards the length of its text, which normalises scores. */
export const isCounted = ({ kind, term }: Pick<Token, "kind" | "term">): boolean =>
  kind === "word" && !term.startsWith("#") && !isStopWord(term);
