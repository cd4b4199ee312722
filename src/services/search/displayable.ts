const lettersMin = 2;
const lettersMax = 50;

/** What was looked for, as it is kept: without the space around and inside it. Pure. */
export const keywordOf = (asked: string): string => asked.normalize("NFC").trim().replace(/\s+/gu, " ");

/**
 * Whether others may see that this was looked for: neither a letter nor a whole paragraph, and nothing that looks like an
 * address or a number of somebody's. Pure.
 */
export function isSayable(key: string): boolean {
  const { length } = [...key];
  if (length < lettersMin || length > lettersMax || /[@/\\]/.test(key)) return false;
  return key.replace(/\P{N}/gu, "").length < 7 && /[\p{L}\p{N}]/u.test(key);
}
