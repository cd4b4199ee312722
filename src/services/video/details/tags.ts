import { nameKey } from "#kernel/text";

export const tagsPerVideoMax = 30;
const lettersMax = 50;

/** A number sign and a name, which ends before white space, punctuation or another number sign. */
const hashtag = /#([\p{L}\p{M}\p{N}_]+)/gu;
/** After these a number sign is part of a word, an address or a character reference. */
const inWord = /[\p{Script=Latin}\p{N}_&/]$/u;
/** Other number signs, which normalisation replaces. */
const sign = /[\u{FE5F}\u{FF03}]/u;
const han = /\p{Script=Han}/u;

/** The names after number signs in a text, as written. `#话题#` has its end marked, so that no name begins there. Pure. */
export function namesIn(text: string): string[] {
  // Nearly every text has none and need not be normalised; the second test is for full-width number signs.
  if (!text.includes("#") && !sign.test(text)) return [];
  const normalised = text.normalize("NFKC");
  const names: string[] = [];
  let last: { name: string; end: number } | undefined;
  for (const { 1: name = "", index } of normalised.matchAll(hashtag)) {
    const follows = last?.end === index;
    const closes = follows && last !== undefined && han.test(last.name);
    last = closes ? undefined : { name, end: index + name.length + 1 };
    if (closes || (!follows && inWord.test(normalised.slice(Math.max(0, index - 2), index)))) continue;
    if (!/\p{L}/u.test(name) || [...name].length > lettersMax) continue;
    names.push(name);
  }
  return names;
}

interface VideoTexts {
  readonly title: string;
  readonly description: string;
  readonly hashtags: readonly string[];
}

/** A video's hashtags: those of its field, then those in its title and description; each once, as first written. Pure. */
export function hashtagsOf({ title, description, hashtags }: VideoTexts): string[] {
  const mentioned = [...namesIn(title), ...namesIn(description)];
  if (hashtags.length === 0 && mentioned.length === 0) return [];
  const listed = hashtags.map((name) => name.normalize("NFKC").trim().replace(/^#/, "").trim());
  const byKey = new Map<string, string>();
  for (const name of [...listed, ...mentioned]) {
    const key = nameKey(name);
    if (name !== "" && !byKey.has(key)) byKey.set(key, name);
  }
  return [...byKey.values()].slice(0, tagsPerVideoMax);
}
