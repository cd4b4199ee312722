/**
 * Dotted paths of the text in an input that cannot be stored as it was sent: NUL, which PostgreSQL has no place for, and
 * half of a surrogate pair, which has no UTF-8. Pure.
 */
export function unstorable(value: unknown): string[] {
  if (isStorable(value)) return [];
  const texts: string[] = [];
  look(value, "", texts);
  return texts;
}

/** The check that nearly every value passes, without a path for every part of it. */
function isStorable(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) {
    for (const inner of value) if (!isStorable(inner)) return false;
    return true;
  }
  for (const name in value) if (!isStorable((value as Record<string, unknown>)[name])) return false; // Its own name.
  return true;
}

function look(value: unknown, path: string, texts: string[]): void {
  if (typeof value === "string") {
    if (!isStorable(value)) texts.push(path);
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    for (const [name, inner] of Object.entries(value))
      if (typeof inner === "string" || typeof inner === "object")
        look(inner, path === "" ? name : `${path}.${name}`, texts);
  }
}

/**
 * The offset at which the first `max` characters of a text end. Characters are code points, as JSON Schema (Validation
 * §6.3.1), zod and PostgreSQL's `char_length` count them. In memory each has one or two units.
 */
function endOf(text: string, max: number): number {
  if (text.length <= max) return text.length;
  let end = 0;
  for (let n = 0; n < max && end < text.length; n++) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return end;
}

/** True if a text has more than `max` characters; only those are looked at. Pure. */
export const isLonger = (text: string, max: number): boolean => endOf(text, max) < text.length;

/** At most the first `max` characters of a text, each of them whole. Pure. */
export const firstCharacters = (text: string, max: number): string => text.slice(0, endOf(text, max));

/**
 * The longest prefix of whole graphemes whose sizes together are `max` at most: UTF-16 units, unless `sizeOf` counts
 * something else, of which each unit is one at least. Pure.
 */
export function longestPrefix(text: string, max: number, sizeOf = (part: string): number => part.length): string {
  if (sizeOf(text) <= max) return text;
  let prefix = "";
  let size = 0;
  for (const { segment } of new Intl.Segmenter("und").segment(text.slice(0, 2 * Math.max(0, max)))) {
    size += sizeOf(segment);
    if (size > max) break;
    prefix += segment;
  }
  return prefix;
}

/** One key for all spellings of an e-mail address in case and width. Pure. */
export const emailKey = (email: string): string => email.normalize("NFKC").toLowerCase();

/** One key for all spellings of a name, a tag or a search in case and width. Pure. */
export const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase().normalize("NFKC");

/** Text inside an element or a quoted attribute of HTML or XML, whatever it holds. Pure. */
export const escapeXml = (text: string): string =>
  text
    // Characters that XML 1.0 forbids would make the whole document unreadable.
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
