import { longestPrefix } from "#kernel/text";

/** UTF-16 units, as NTFS and APFS count them. */
export const nameUnitsMax = 255;

/**
 * A name as it is displayed: without control characters, and without characters that turn the direction of text
 * (security S4.1). It may be empty. Pure.
 */
export const visibleName = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufffd]/gu, "")
    .normalize("NFC")
    .trim();

/**
 * A name for a file from elsewhere, whatever it was called there: a label, never a path. Folders are removed; a long
 * name is cut between characters; `file` where nothing but dots remains. Pure.
 */
export function fileNameOf(text: string): string {
  const name = longestPrefix(visibleName(text.split(/[/\\]/).at(-1) ?? ""), nameUnitsMax).trim();
  return /^\.*$/.test(name) ? "file" : name;
}
