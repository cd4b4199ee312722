import { longestPrefix } from "#kernel/text";

/** UTF-16 units, as NTFS and APFS count them. */
export const nameUnitsMax = 255;

/**
 * What people see of a name: no control characters, and none that turn the direction of text (security S4.1). It may be
 * empty. Pure.
 */
export const visibleName = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufffd]/gu, "")
    .normalize("NFC")
    .trim();

/**
 * A name for a file from elsewhere, whatever it was called there: data for people, never a path. Folders are gone; a long
 * name is cut between characters; `file` where nothing but dots is left. Pure.
 */
export function fileNameOf(text: string): string {
  const name = longestPrefix(visibleName(text.split(/[/\\]/).at(-1) ?? ""), nameUnitsMax).trim();
  return /^\.*$/.test(name) ? "file" : name;
}
