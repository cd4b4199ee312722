import { nameKey } from "#kernel/text";

export const tagsPerVideoMax = 30;
const lettersMax = 50;

/** A number sign and what it names; what follows ends it: white space, punctuation, another number sign. */
const named = /#([\p{L}\p{M}\p{N}_]+)/gu;
/** After these a number sign is part of a word, an address or a character reference. */
const inWord = /[\p{Script=Latin}\p{N}_&/]$/u;
/** The other number signs there are, which folding makes one of. */
const sign = /[\u{FE5F}\u{FF03}]/u;
const han = /\p{Script=Han}/u;

/** The names after number signs in a text, as written. `#话题#` has its end marked, so that no name begins there. Pure. */
export function namesIn(text: string): string[] {
  // Nearly every text has none, and is not rewritten to find that out; the second is a number sign of full width.
  if (!text.includes("#") && !sign.test(text)) return [];
  const folded = text.normalize("NFKC");
  const names: string[] = [];
  let last: { name: string; end: number } | undefined;
  for (const { 1: name = "", index } of folded.matchAll(named)) {
    const follows = last?.end === index;
    const closes = follows && last !== undefined && han.test(last.name);
    last = closes ? undefined : { name, end: index + name.length + 1 };
    if (closes || (!follows && inWord.test(folded.slice(Math.max(0, index - 2), index)))) continue;
    if (!/\p{L}/u.test(name) || [...name].length > lettersMax) continue;
    names.push(name);
  }
  return names;
}

interface Told {
  readonly title: string;
  readonly description: string;
  readonly hashtags: readonly string[];
}

/** A video's hashtags: those it was given, then those its title and description name; each once, as first written. Pure. */
export function hashtagsOf({ title, description, hashtags }: Told): string[] {
  const said = [...namesIn(title), ...namesIn(description)];
  if (hashtags.length === 0 && said.length === 0) return [];
  const given = hashtags.map((name) => name.normalize("NFKC").trim().replace(/^#/, "").trim());
  const found = new Map<string, string>();
  for (const name of [...given, ...said]) {
    const key = nameKey(name);
    if (name !== "" && !found.has(key)) found.set(key, name);
  }
  return [...found.values()].slice(0, tagsPerVideoMax);
}
