import { charactersIn } from "#base/text/characters.ts";

/** As the server takes them. */
export const tagsMax = 30;
export const tagCharactersMax = 50;

/** Separators of tags: commas of any script, and line breaks and tabs of pasted text. */
const between = /[,，、،\n\r\t]/u;

const keyOf = (tag: string) => tag.normalize("NFKC").toLowerCase();

export const hasSeveral = (text: string): boolean => between.test(text);

/**
 * The tags after those of a text are added, each once however it is written, and what of the text is none: what is too
 * long, and what there is no room for. Pure.
 */
export function addTags(tags: readonly string[], text: string): { tags: string[]; rest: string } {
  const all = [...tags];
  const keys = new Set(tags.map(keyOf));
  const remainder: string[] = [];
  for (const part of text.split(between)) {
    const tag = part.replaceAll(/\s+/gu, " ").trim().normalize("NFC");
    if (tag === "" || keys.has(keyOf(tag))) continue;
    if (charactersIn(tag) > tagCharactersMax || all.length >= tagsMax) remainder.push(tag);
    else {
      all.push(tag);
      keys.add(keyOf(tag));
    }
  }
  return { tags: all, rest: remainder.join(", ") };
}
